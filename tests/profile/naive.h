/* A second, deliberately simple evaluation of a city's rules, written from docs/profile.md. It reads the same JSON and shares
 * no code with core: own days, own holidays, own prices. Slow where that is simpler. For tests only. */
#ifndef SANGO_TESTS_PROFILE_NAIVE_H
#define SANGO_TESTS_PROFILE_NAIVE_H

#include <jansson.h>
#include <stdbool.h>

enum { N_ROWS = 16, N_NONE = -1000000000, N_FAR = 84371 };
typedef long long n_yen;

struct n_when {                         /* {days|weeks|months …} */
    bool set, business, shift, late_at; /* late_at: this very moment is too late */
    char unit;                          /* 'd' 'w' 'm' */
    int n, pick, minute;
};
struct n_price {
    const char *kind;
    n_yen each, first, list[12], cap, least;
    bool capped, uses;
    int first_units, listed, percent, out_of, of, round_to;
    char rounding; /* 'd' 'u' 'h' */
    unsigned cares;
};
struct n_age {
    bool set;
    int n, from_days, from_months, gestation, weight;
    char unit, bound, test; /* m w d ; u t m ; e f l */
};
struct n_care {
    const char *code, *kind, *charge, *quota;
    int start, end, weight, min, max, pools[3], pool_count, pattern_count, horizon;
    int pattern[8][8], pattern_uses[8];
    bool before_birth, loss, on_holidays, ends_open;
    struct n_age age, loss_age;
    struct n_when deadline, opens;
    struct n_price price[N_ROWS];
};
struct n_outcome {
    int percent; /* -1: none */
    int of;      /* -1 as booked, -2 the facility */
    n_yen yen;
    bool per_unit, units;
    int most; /* of the units; 0: all */
    char rounding;
};
struct n_version {
    int from, class_default, class_month, class_count, pool_count, care_count, addition_count,
        reduction_count, step_count, limit_count, exclusion_count, horizon, open_limit;
    const char *classes[N_ROWS];
    struct {
        const char *code;
        bool pay;
        int units[N_ROWS][4];
    } pools[N_ROWS];
    struct n_care cares[N_ROWS];
    struct {
        const char *code, *when, *room;
        unsigned cares;
        int months, from, to;
        bool per_use, reducible;
        struct n_price price[N_ROWS];
    } additions[N_ROWS];
    struct n_reduction {
        const char *code;
        unsigned cares, classes;
        n_yen amount[N_ROWS], infant[N_ROWS], leave, budget;
        int percent, max, round_to;
        char rounding;
        bool per_use;
    } reductions[N_ROWS];
    struct {
        unsigned cares;
        struct n_when at;
        struct n_outcome outcome[N_ROWS];
    } steps[N_ROWS];
    struct n_outcome no_show[N_ROWS][N_ROWS];
    struct {
        const char *count, *per;
        unsigned cares;
        int max[N_ROWS][4];
    } limits[N_ROWS];
    struct n_when deadline, opens;
    bool requested_free, moving_excluded;
    struct {
        bool facility, at_clock, business;
        int hours, days, minute, limit;
    } answer;
};
struct n_city {
    int version_count;
    struct n_version *versions;
    unsigned char *closed; /* by n_index(day): 1 when holiday or closing day */
};

struct n_use {
    const char *care, *state;
    int start, end;
    bool charged;
    int kept; /* units of an ended use that still count; 0: all */
};
struct n_case {
    long long now; /* seconds, or N_NONE */
    const char *class;
    int proven, child_count, loss, siblings, history_count, moved, request_start, request_end, open,
        max_infants;
    struct {
        int birth, due, gestation, weight;
    } children[6];
    bool approved, facility_known;
    unsigned exclusions, weekdays_closed;
    struct n_use history[16];
    struct {
        const char *care;
        bool offered, priced;
        n_yen price, extra;
    } facility[N_ROWS];
    int facility_count;
    const char *room, *request_care;
    int used[N_ROWS], extra[N_ROWS];                    /* by pool of the first day's version */
    int reduced[N_ROWS], priced[N_ROWS], spent[N_ROWS]; /* before: by reduction, care, reduction */
    const char *reduced_code[N_ROWS], *priced_code[N_ROWS];
    int reduced_count, priced_count;
};
enum { N_REFUSALS = 24 };
extern const char *const n_refusals[N_REFUSALS];
struct n_answer {
    unsigned refused; /* bit i: n_refusals[i] */
    bool judged;      /* false: no rows to judge by */
    int units, charged, left[3], after[3], pool_count;
    bool priced;
    n_yen total, unreduced;
    long long starts, ends, free_until, answer_by; /* N_NONE */
};
struct n_cost {
    n_yen fee;
    int units;
    bool late;
};

/* Days. */
void n_days_make(void);
int n_day(int year, int month, int day);
void n_date(int day, int *year, int *month, int *dom);
int n_weekday(int day);
int n_index(int day);
int n_month_later(int day, int months, bool *ret_missing);
unsigned char *n_calendar(bool national, bool year_end);
bool n_business(const struct n_city *city, int day);
long long n_moment(const struct n_city *city, const struct n_when *when, int day);
bool n_late(const struct n_city *city, const struct n_when *when, int day, long long now);

bool n_load(json_t *root, struct n_city *city);
const struct n_version *n_version_at(const struct n_city *city, int day);
int n_find_care(const struct n_version *version, const char *code);
int n_find_class(const struct n_version *version, const char *code);
int n_count(const char *counting, const struct n_care *care, int start, int end); /* -1: senseless */
char n_weighs(const struct n_use *use);                                           /* 0, 'b'ooked, 'u'sed */
int n_part(const struct n_use *use, int units); /* what a use that ended early still counts */
int n_class(const struct n_version *version, const struct n_case *c);

int n_period_end(const struct n_age *age, int base);
/* Is child i too old or too young on some day of the use? */
bool n_wrong_age(const struct n_city *city, const struct n_case *c, int i);

void n_answer(const struct n_city *city, const struct n_case *c, struct n_answer *answer);
/* The fee of the case's use for a class; false: cannot be known. */
bool n_fee(const struct n_city *city, const struct n_case *c, int class, int over, int units, bool reduce,
           n_yen *total, n_yen *unreduced);
void n_cancel(const struct n_city *city, const struct n_case *c, const struct n_answer *booked, long long at,
              bool no_show, bool requested, struct n_cost *cost);

#endif
