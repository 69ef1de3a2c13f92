/* The text of a city's file and of the versions in it, as JSON: taken apart, put together, compared. What the rules in
 * it mean is profile.h's business; whether it may be published is the service's. */
#ifndef SANGO_PROFILE_DOCUMENT_H
#define SANGO_PROFILE_DOCUMENT_H

#include "profile/profile.h"

/* One element of "versions", on one line, its keys in the order in which they were written. */
struct document {
    struct text json;
    struct day valid_from; /* DAY_NONE: none that could be read */
    struct text name;
};

struct document_set {
    struct text head; /* the file without "versions" */
    int32_t count;
    struct document versions[PROGRAMME_VERSIONS_MAX];
};

/* False: not JSON, or not of the shape of a city's file. */
NODISCARD bool document_split(struct arena *arena, struct text file, struct document_set *ret_set);
/* A whole file again, for profile_load(). `head` is of document_split(). */
struct text document_join(struct arena *arena, struct text head, const struct text *versions, size_t count);
/* One version's text as a document. False: not a JSON object. */
NODISCARD bool document_read(struct arena *arena, struct text json, struct document *ret_document);
/* The same version with another first day. */
struct text document_dated(struct arena *arena, struct text document, struct day valid_from);
/* Do two versions say something else, whatever their spaces and the order of their keys? *ret_pointer is the first
 * place where they differ (RFC 6901). */
bool document_differs(struct arena *arena, struct text a, struct text b, struct text *ret_pointer);

#endif
