UPDATE text_vectors SET spare = zeroblob(34) WHERE model = 1 AND block = 0;
