/*
 * Neo4j as a store of twin/sync.h: a graph of users, their relationships, and public knowledge with
 * its tags, all by their numbers.
 *
 *	(:User {id, active, open})	open: 2 shows its connections to everyone, 1 to friends, 0
 *to nobody
 *	(:User)-[:KNOWS {friend, strength}]->(:User)	no block; the strength in tenths
 *	(:User)-[:SHARED]->(:Knowledge {id})-[:MENTIONS]->(:Concept {id})	a concept is a tag
 *
 * All nodes have the label Aeon, too. A node with the label Marker says what Neo4j has.
 */
#ifndef TWIN_NEO4J_STORE_H
#define TWIN_NEO4J_STORE_H

#include "base/problem.h"

struct neo4j;
struct neo4j_store;
struct store;

/* Names what the graph is made of: a part of the marker. Another graph needs another name. */
#define NEO4J_CONTENTS "graph-1"
#define NEO4J_READ_MARKER "MATCH (m:Aeon:Marker) RETURN m.marker, m.upto"

/* All live longer than it. `number` is that of this process, from 1. */
struct neo4j_store *neo4j_store_new(struct store *store, struct neo4j *neo4j, int number);
void neo4j_store_free(struct neo4j_store **store);

/* To call at least once a second. */
int neo4j_store_look(struct neo4j_store *store, struct problem *why);

#endif
