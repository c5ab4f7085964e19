# Turns SQL files into C: named queries (mode=enum, mode=queries) and migrations (mode=migrations).
#
#	-- fragment: NAME	the lines below it replace {NAME} in queries, in files read later
#	-- name: NAME		the lines below it are the query Q_NAME
#
# Other comment lines are left out. A migration is migrations/NNNN_name.sql, or all files of a folder
# migrations/NNNN_name/ in the order in which they are given.

function quote(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\"\n"
}

function expand(line,    name) {
	while (match(line, /\{[a-z_]+\}/)) {
		name = substr(line, RSTART + 1, RLENGTH - 2)
		if (!(name in fragments)) {
			printf "%s:%d: no fragment {%s}\n", FILENAME, FNR, name > "/dev/stderr"
			exit failed = 1
		}
		line = substr(line, 1, RSTART - 1) fragments[name] substr(line, RSTART + RLENGTH)
	}
	return line
}

FNR == 1 && mode == "migrations" {
	name = FILENAME
	sub(/.*migrations\//, "", name)
	sub(/(\/.*|\.sql)$/, "", name)
	if (name != names[count])
		names[++count] = name
}
/^-- fragment: / { fragment = $3; fragments[fragment] = ""; query = ""; next }
/^-- name: / {
	query = $3
	fragment = ""
	if (query in seen) {
		printf "%s:%d: a second query named %s\n", FILENAME, FNR, query > "/dev/stderr"
		exit failed = 1
	}
	seen[query]
	names[++count] = query
	next
}
/^[ \t]*(--.*)?$/ { next }
{
	line = expand($0)
	if (fragment)
		fragments[fragment] = fragments[fragment] line " "
	else if (count)
		text[count] = text[count] quote(line)
}
END {
	if (failed)
		exit 1
	print "/* Made from sql/ by lib/store/embed.awk: change it there. */"
	if (mode == "enum") {
		print "#ifndef STORE_QUERIES_H\n#define STORE_QUERIES_H\n\nenum query {"
		for (i = 1; i <= count; i++)
			print "\tQ_" toupper(names[i]) ","
		print "\tQUERY__COUNT\n};\n\n#endif"
	} else {
		print "#include \"store/schema.h\"\n"
		if (mode == "queries")
			print "const struct named_query named_queries[] = {"
		else
			print "const struct migration migrations[] = {"
		for (i = 1; i <= count; i++)
			printf "\t{\"%s\",\n%s\t},\n", names[i], text[i]
		print "\t{0}\n};"
	}
}
