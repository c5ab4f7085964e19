# Turns SQL files into C: the queries' functions (mode=header, mode=queries) and the migrations
# (mode=migrations). Runs on mawk and gawk.
#
#	-- fragment: NAME	the lines below replace {NAME} in queries of files that are read later;
#				{NAME reader} is the same for the parameter :reader instead of :viewer
#
#	-- What the query is for: the comment of its function.
#	-- name: NAME KIND
#	-- takes: NAME TYPE, ...	its parameters, :NAME in the SQL, in the order of the function's
#	-- gives: NAME TYPE, ...	its columns; TYPE? may be NULL; or: like QUERY
#	-- engine: sqlite		another engine needs another statement
#
# What a kind and a type mean in C is said in lib/store/store.h. Other comment lines are left out. A
# migration is migrations/NNNN_name.sql, or all files of a folder migrations/NNNN_name/ in the order in
# which they are given.

BEGIN {
	c_type["int"] = c_type["time"] = "int64_t "
	c_type["bool"] = "bool "
	c_type["real"] = "double "
	c_type["text"] = c_type["json"] = "const char *"
	c_type["blob"] = "const void *"
	member["int"] = member["time"] = member["bool"] = "integer"
	member["real"] = "real"
	member["text"] = member["json"] = "text"
	rows[":exec"] = rows[":insert"] = rows[":one"] = rows[":each"] = "declared"
	rows[":object"] = rows[":objects"] = rows[":list"] = rows[":page"] = "shaped"
}

function fail(what, where) {
	printf "%s: %s\n", where ? where : FILENAME ":" FNR, what > "/dev/stderr"
	exit failed = 1
}

function quote(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\"\n"
}

# The line with its fragments in place.
function expand(line,    part, part_text, before, after) {
	while (match(line, /\{[a-z_]+( [a-z_]+)?\}/)) {
		before = substr(line, 1, RSTART - 1)
		after = substr(line, RSTART + RLENGTH)
		split(substr(line, RSTART + 1, RLENGTH - 2), part, " ")
		if (!(part[1] in fragments))
			fail("no fragment {" part[1] "}")
		part_text = fragments[part[1]]
		if (part[2])
			gsub(/:viewer/, ":" part[2], part_text)
		line = before part_text after
	}
	return line
}

# The line with :NAME as ?NUMBER; what stands in quotes stays.
function number(line,    done, token) {
	while (match(line, /'[^']*'|"[^"]*"|:[a-z][a-z_0-9]*/)) {
		token = substr(line, RSTART, RLENGTH)
		done = done substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (token ~ /^:/) {
			token = substr(token, 2)
			if (!((count, token) in position))
				fail("query " names[count] " does not take " token)
			used[count, token]
			token = "?" position[count, token]
		}
		done = done token
	}
	return done line
}

# Splits "NAME TYPE, ..." into list[count, 1 ...], and returns how many there are then.
function declare(text, have, list_name, list_type,    parts, part, n, i) {
	n = split(text, parts, / *, */)
	for (i = 1; i <= n; i++) {
		if (split(parts[i], part, / +/) != 2 || part[1] !~ /^[a-z][a-z_0-9]*$/)
			fail("not NAME TYPE: " parts[i])
		list_name[count, ++have] = part[1]
		list_type[count, have] = part[2]
		sub(/\?$/, "", part[2])
		if (!(part[2] in c_type))
			fail("no type " part[2])
	}
	return have
}

function after_colon(line) {
	sub(/^-- [a-z]+: */, "", line)
	sub(/ *,? *$/, "", line)
	return line
}

function end_query(    i) {
	if (kind[count] == ":insert" && (gives[count] != 1 || give_type[count, 1] != "int"))
		fail("query " names[count] " gives the id of a new row, an int", where[count])
	for (i = 1; i <= takes[count]; i++)
		if (!((count, take_name[count, i]) in used))
			fail("query " names[count] " takes " take_name[count, i] \
			     ", but does not use it", where[count])
	if (count && !text[count])
		fail("query " names[count] " is empty", where[count])
}

FNR == 1 && mode == "migrations" {
	name = FILENAME
	sub(/.*migrations\//, "", name)
	sub(/(\/.*|\.sql)$/, "", name)
	if (name != names[count])
		names[++count] = name
}
mode == "migrations" {
	if ($0 !~ /^[ \t]*(--.*)?$/)
		text[count] = text[count] quote($0)
	next
}
/^[ \t]*$/ { comment = ""; next }
/^-- fragment: / { fragment = $3; fragments[fragment] = comment = ""; next }
/^-- name: / {
	end_query()
	fragment = ""
	names[++count] = $3
	if ($3 in seen)
		fail("a second query named " $3)
	seen[$3] = count
	if (!($4 in rows) || NF != (rows[$4] == "shaped" ? 5 : 4))
		fail("not NAME KIND, or NAME KIND SHAPE: " after_colon($0))
	kind[count] = $4
	shape[count] = $5
	about[count] = comment
	comment = ""
	where[count] = FILENAME ":" FNR
	next
}
/^-- takes: / {
	was = takes[count] + 0
	takes[count] = declare(after_colon($0), was, take_name, take_type)
	for (i = was + 1; i <= takes[count]; i++) {
		if ((count, take_name[count, i]) in position || take_type[count, i] ~ /\?$/)
			fail("not a new parameter: " take_name[count, i])
		position[count, take_name[count, i]] = i
	}
	where[count] = FILENAME ":" FNR
	next
}
/^-- gives: like / {
	if (!((like[count] = $4) in seen))
		fail("no query " $4 " before this one")
	for (i = 1; i <= gives[seen[$4]]; i++) {
		give_name[count, i] = give_name[seen[$4], i]
		give_type[count, i] = give_type[seen[$4], i]
	}
	gives[count] = i - 1
	next
}
/^-- gives: / { gives[count] = declare(after_colon($0), gives[count] + 0, give_name, give_type); next }
/^-- engine: sqlite$/ { next }
/^-- (name|takes|gives|engine|fragment)/ { fail("not understood: " $0) }
/^--/ {
	line = $0
	sub(/^-- ?/, "", line)
	comment = comment (comment ? "\n * " : "") line
	next
}
{
	comment = ""
	line = expand($0)
	if (fragment)
		fragments[fragment] = fragments[fragment] line " "
	else if (count)
		text[count] = text[count] quote(number(line))
	else
		fail("it belongs to no query")
}

function plain(type) {
	sub(/\?$/, "", type)
	return type
}

# The C type of a column. A blob is a struct blob, valid until the next row.
function column_type(type) {
	return plain(type) == "blob" ? "struct blob " : c_type[plain(type)]
}

# What a column that may be NULL reads as.
function null_note(type) {
	if (type !~ /\?$/)
		return ""
	return plain(type) ~ /int|time|real|bool/ ? " /* 0 for NULL */" : " /* or NULL */"
}

# The engine gives an :insert its id without a column.
function columns_of(i) {
	return kind[i] == ":insert" ? 0 : gives[i] + 0
}

function struct_of(i) {
	return "struct q_" (like[i] ? like[i] : names[i])
}

# Texts of :one are copied into an arena.
function needs_arena(i,    j, any) {
	for (j = 1; j <= gives[i]; j++)
		if (plain(give_type[i, j]) ~ /text|json/)
			any = 1
	return kind[i] == ":one" && any
}

function outputs(i,    type) {
	type = gives[i] ? column_type(give_type[i, 1]) : ""
	if (kind[i] == ":object" || kind[i] == ":list")
		return "struct buf *out, "
	if (kind[i] == ":page")
		return "struct page *page, struct buf *out, "
	if (kind[i] == ":objects")
		return "int (*each)(int64_t key, const struct buf *json, void *context, " \
		       "struct problem *why), void *context, "
	if (kind[i] == ":each")
		return "int (*each)(" (gives[i] > 1 ? "const " struct_of(i) " *row" \
						     : type give_name[i, 1]) \
		       ", void *context, struct problem *why), void *context, "
	if (gives[i] > 1)
		return struct_of(i) " *row_r, "
	return gives[i] ? type "*" give_name[i, 1] "_r, " : ""
}

function prototype(i,    line, j) {
	line = "int q_" names[i] "(" (needs_arena(i) ? "struct arena *arena, " : "") \
	       "struct store *store, "
	for (j = 1; j <= takes[i]; j++) {
		line = line c_type[take_type[i, j]] take_name[i, j] ", "
		if (take_type[i, j] == "blob")
			line = line "size_t " take_name[i, j] "_size, "
	}
	return line outputs(i) "struct problem *why)"
}

function header(    i, j) {
	print "#ifndef STORE_QUERIES_H\n#define STORE_QUERIES_H\n"
	print "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
	print "#include \"store/store.h\"\n"
	print "struct arena;\nstruct buf;\nstruct page;\nstruct problem;\nstruct store;\n"
	print "enum query {"
	for (i = 1; i <= count; i++)
		print "\tQ_" toupper(names[i]) ","
	print "\tQUERY__COUNT\n};"
	for (i = 1; i <= count; i++) {
		print about[i] ? "\n/* " about[i] " */" : ""
		if (gives[i] > 1 && !like[i]) {
			print struct_of(i) " {"
			for (j = 1; j <= gives[i]; j++)
				print "\t" column_type(give_type[i, j]) give_name[i, j] ";" \
				      null_note(give_type[i, j])
			print "};"
		}
		print prototype(i) ";"
	}
	print "\n#endif"
}

function values(i,    line, j) {
	for (j = 1; j <= takes[i]; j++)
		line = line (j > 1 ? ", " : "") \
		       (take_type[i, j] == "blob" \
				? "{.blob = {" take_name[i, j] ", " take_name[i, j] "_size}}" \
				: "{." member[take_type[i, j]] " = " take_name[i, j] "}")
	return takes[i] ? "(const union value[]){" line "}" : "NULL"
}

function each_body(i, id,    row) {
	row = gives[i] > 1 ? "row" : give_name[i, 1]
	print "\t" (gives[i] > 1 ? struct_of(i) " " : column_type(give_type[i, 1])) row ";"
	print "\tint result = statement_start(store, " id ", " values(i) ", why);"
	print "\twhile (result == 0 && (result = statement_row(store, " id ", &" row ", why)) > 0)"
	print "\t\tresult = each(" (gives[i] > 1 ? "&" : "") row ", context, why);"
	print "\treturn statement_end(store, " id ", result < 0 ? -1 : 0);"
}

function body(i,    id, call) {
	id = "Q_" toupper(names[i])
	call = "(" (kind[i] == ":one" ? (needs_arena(i) ? "arena, " : "NULL, ") : "") \
	       "store, " id ", " values(i) ", "
	if (kind[i] == ":each")
		each_body(i, id)
	else if (kind[i] == ":exec")
		print "\treturn statement_exec" call "why);"
	else if (kind[i] == ":one")
		print "\treturn statement_one" call \
		      (gives[i] > 1 ? "row_r" : gives[i] ? give_name[i, 1] "_r" : "NULL") ", why);"
	else if (kind[i] == ":insert")
		print "\treturn statement_insert" call give_name[i, 1] "_r, why);"
	else if (kind[i] == ":objects")
		print "\treturn statement_objects" call "each, context, why);"
	else if (kind[i] == ":object")
		print "\treturn statement_object" call "out, why);"
	else
		print "\treturn statement_list" call \
		      (kind[i] == ":page" ? "page" : "NULL") ", out, why);"
}

function declared(i, list, n, list_name, list_type,    line, j) {
	for (j = 1; j <= n; j++)
		line = line (j > 1 ? ",\n\t" : "\t") "{\"" list_name[i, j] "\", VALUE_" \
		       toupper(plain(list_type[i, j])) ", " \
		       (list_type[i, j] ~ /\?$/ ? "true" : "false") ", " \
		       (list == "gives" && n > 1 \
				? "offsetof(" struct_of(i) ", " list_name[i, j] ")" : "0") "}"
	if (n)
		print "static const struct declared " names[i] "_" list "[] = {\n" line ",\n};"
}

function queries(    i, declared_shapes) {
	print "#include \"store/queries.h\"\n"
	print "#include \"store/json_rows.h\"\n#include \"store/schema.h\"\n#include \"store/statement.h\"\n"
	for (i = 1; i <= count; i++)
		if (shape[i] && !declared_shapes[shape[i]]++)
			print "extern const struct shape " shape[i] "_shape;"
	for (i = 1; i <= count; i++) {
		print ""
		declared(i, "takes", takes[i] + 0, take_name, take_type)
		declared(i, "gives", columns_of(i), give_name, give_type)
		print prototype(i) "\n{"
		body(i)
		print "}"
	}
	print "\nconst struct named_query named_queries[] = {"
	for (i = 1; i <= count; i++) {
		printf "\t{\"%s\",\n%s\t,\n", names[i], text[i]
		printf "\t%s, %d, ", takes[i] ? names[i] "_takes" : "NULL", takes[i]
		printf "%s, %d, ", columns_of(i) ? names[i] "_gives" : "NULL", columns_of(i)
		printf "%s},\n", shape[i] ? "&" shape[i] "_shape" : "NULL"
	}
	print "\t{0}\n};"
}

function migrations(    i) {
	print "#include \"store/schema.h\"\n\nconst struct migration migrations[] = {"
	for (i = 1; i <= count; i++)
		printf "\t{\"%s\",\n%s\t},\n", names[i], text[i]
	print "\t{0}\n};"
}

END {
	if (failed)
		exit 1
	if (mode != "migrations")
		end_query()
	print "/* Made from sql/ by lib/store/embed.awk: change it there. */"
	if (mode == "header")
		header()
	else if (mode == "queries")
		queries()
	else
		migrations()
}
