/* A city's rules as versions: what is in force from which day, what is being prepared, and how a draft becomes a
 * version. The first versions come with the city's file (service/import.h); from then on the database is the
 * authority. A version whose first day has come is never changed and nothing is published into the past; one that has
 * not begun can be replaced or withdrawn, and stays readable. Every change is audited in its own transaction, and every
 * request that begins after it is judged by the new set (service/house.h).
 *
 * What has been booked keeps what it was promised: units, price lines, fee, the contract price and the hour until which
 * giving it up is free are written at booking. What giving it up later costs is judged by the rules of its first day as
 * they are known when it is given up. */
#ifndef SANGO_SERVICE_RULES_H
#define SANGO_SERVICE_RULES_H

#include "profile/profile.h"
#include "service/call.h"

enum { RULES_BYTES_MAX = 128 * 1024, RULES_REASON_MAX = 500, RULES_VERSIONS_MAX = 500 };

enum rules_state {
    RULES_COMING,    /* published, its first day has not come */
    RULES_IN_FORCE,  /* today's */
    RULES_PAST,      /* a later one has taken its place in time */
    RULES_REPLACED,  /* before it began, by another of the same first day */
    RULES_WITHDRAWN, /* before it began */
    RULES_STATE__MAX
};
/* "coming" "in-force" "past" "replaced" "withdrawn" */
struct text rules_state_code(enum rules_state state);

struct rules_version {
    int64_t number; /* 1, 2, 3 … in the order of publishing, a city's own */
    struct day valid_from;
    struct day valid_to; /* the day before the next one's first; DAY_NONE: until further notice */
    enum rules_state state;
    struct text name; /* of the document: 令和8年度要綱 */
    struct text
        document;  /* JSON of one element of "versions" in a city's file, canonical (profile/document.h) */
    bool imported; /* came with the city's file */
    struct instant published_at;
    struct account_id published_by; /* {0}: came with the file, or the actor is not of the city's staff */
    struct text published_name;     /* likewise empty */
    struct text reason;             /* likewise */
    struct instant ended_at;        /* REPLACED, WITHDRAWN; else INSTANT_NONE */
    struct text ended_name;
    struct text ended_reason; /* WITHDRAWN */
};

/* The draft of a city: one, which its admins share; `revision` keeps two of them from overwriting each other. It may be
 * faulty while it is worked on. */
struct rules_draft {
    int64_t revision;
    int64_t based_on; /* number of the version it began as */
    struct text document;
    struct instant changed_at;
    struct account_id changed_by;
    struct text changed_name;
};

/* Newest number first, without the documents of the rows. Everybody. */
struct rules_list {
    struct rules_version *rows;
    size_t count;
    bool has_draft; /* city's staff only */
};
NODISCARD enum rc rules_list(struct call *call, struct rules_list *ret_list);
/* One with its document. Everybody. RC_NONE: no such number. */
NODISCARD enum rc rules_read(struct call *call, int64_t number, struct rules_version *ret_version);
/* City's staff and auditors. RC_NONE: there is none. */
NODISCARD enum rc rules_draft_read(struct call *call, struct rules_draft *ret_draft);

/* The city's rules as they would be with `document` published for `valid_from` (DAY_NONE: the day it names itself) in
 * place of a live version of the same day: to look at, compare and try before publishing. False: it has faults, their
 * pointers relative to the document ("/cares/0/prices"), or empty for faults of the set. Reads no database; everything
 * lives in the call's arena. */
NODISCARD bool rules_with(struct call *call, struct text document, struct day valid_from,
                          struct profile *ret_profile, struct profile_faults *ret_faults);
/* The one with that first day in a set made by rules_with(), or of the city. NULL: none begins that day. */
const struct programme *rules_beginning(const struct programme_set *set, struct day valid_from);

/* What publishing the draft would do. */
struct rules_check {
    struct rules_draft draft;
    struct day valid_from;        /* asked for, or the document's own */
    bool sound;                   /* false: `faults`, and publishing would be refused */
    struct profile_faults faults; /* pointers relative to the document */
    bool day_possible;            /* the first day is after today */
    struct day first_possible;    /* tomorrow */
    int64_t replaces;             /* number of the coming version of the same first day; 0: none */
    int64_t bookings; /* live ones whose use begins in its days: they keep the price they were promised */
};
/* City's staff and auditors. RC_NONE: no draft. */
NODISCARD enum rc rules_check(struct call *call, struct day valid_from, struct rules_check *ret_check);

/* ---- changes: city admin; anybody else gets RC_NONE ---- */

enum rules_fault {
    RULES_FINE,
    RULES_DRAFT_EXISTS, /* drop or publish it first */
    RULES_TOO_LONG,     /* more than RULES_BYTES_MAX */
    RULES_NOT_JSON,     /* the draft would not even be kept */
    RULES_REASON,       /* empty or longer than RULES_REASON_MAX characters */
    RULES_DAY_PAST,     /* its first day must be after today */
    RULES_FAULTY,       /* the document has faults; rules_check() lists them */
    RULES_BEGUN,        /* it has begun, or has been replaced or withdrawn */
    RULES_FIRST,        /* the city's only version cannot be withdrawn */
    RULES_FAULT__MAX
};
/* Stable, for problems: "rules-draft-exists" …; "fine". */
const char *rules_fault_code(enum rules_fault fault);

struct rules_outcome {
    enum rules_fault fault;
    int64_t number;        /* published or withdrawn */
    int64_t replaced;      /* number of the version of the same day that this one replaced; 0: none */
    struct day valid_from; /* of that version; RULES_DAY_PAST: the earliest possible */
    int64_t revision;      /* of the draft, after starting or saving */
    int64_t bookings;      /* as in struct rules_check */
    struct text pointer;   /* RULES_FAULTY: the first fault */
    struct text sentence;
};

struct rules_start {
    int64_t from;         /* number of the version it is a copy of */
    struct text document; /* the copy, when something of it was changed at once; empty: as it is */
};
/* RC_NONE: no such version. */
NODISCARD enum rc rules_draft_start(struct call *call, const struct rules_start *start,
                                    struct rules_outcome *ret_outcome);

struct rules_save {
    struct text document; /* JSON; faults of the rules are kept, they are told by rules_check() */
    int64_t revision;     /* the one it was edited from; RC_RACE: somebody else saved since */
};
NODISCARD enum rc rules_draft_save(struct call *call, const struct rules_save *save,
                                   struct rules_outcome *ret_outcome);
/* RC_RACE: another revision is stored. RC_NONE: there is none. */
NODISCARD enum rc rules_draft_drop(struct call *call, int64_t revision);

struct rules_publish {
    int64_t revision;      /* of the draft that was looked at; RC_RACE: somebody else saved since */
    struct day valid_from; /* its first day, whatever the document says; DAY_NONE: the document's own */
    struct text reason;    /* shown to whoever reads the history */
};
/* The draft becomes a version and is gone. RC_NONE: no draft. */
NODISCARD enum rc rules_publish(struct call *call, const struct rules_publish *ask,
                                struct rules_outcome *ret_outcome);

struct rules_withdraw {
    int64_t number;
    struct text reason;
};
/* RC_NONE: no such version. */
NODISCARD enum rc rules_withdraw(struct call *call, const struct rules_withdraw *ask,
                                 struct rules_outcome *ret_outcome);

#endif
