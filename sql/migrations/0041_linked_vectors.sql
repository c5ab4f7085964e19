-- The products of neighbours, which each search by vectors needs, are kept beside the vectors: see
-- lib/store/vectors.h.
UPDATE text_vectors
SET vectors = vectors_linked(vectors, (SELECT m.dimension FROM vector_models m WHERE m.id = model));
