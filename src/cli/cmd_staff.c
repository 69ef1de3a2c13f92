/* `sango staff-add`: the first accounts of a city's staff, before anybody can sign in to make others. The person sets a
 * password by the link that is mailed when the server runs; the TOTP secret is printed here and nowhere else. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/process.h"
#include "service/account.h"

enum { ARENA_LIMIT = 256 << 20 };

struct staff_ask {
    const char *config;
    const char *city; /* NULL: the only one */
    const char *role;
    const char *email;
    const char *name;
};

static int complain(struct text why) {
    fprintf(stderr, "sango staff-add: %.*s\n", TEXT_F(why));
    return EXIT_FAILED;
}

static struct text fault_words(enum account_fault fault) {
    switch (fault) {
    case ACCOUNT_EMAIL:
        return TEXT("that is not an e-mail address");
    case ACCOUNT_LOGIN_TAKEN:
        return TEXT("that address has an account already");
    default:
        return TEXT("the name must have 1 to 100 characters");
    }
}

static int add(const struct staff_ask *ask, struct arena *arena, const struct house *house) {
    const struct house_city *city = ask->city == NULL && house_city_count(house) == 1
                                        ? house_city_at(house, 0)
                                        : house_city_by_code(house, text_of(ask->city));
    struct staff_new new = {.email = text_of(ask->email), .name = text_of(ask->name)};
    if (city == NULL) {
        return complain(TEXT("name one of the configured cities: --city CODE"));
    }
    if (!role_parse(text_of(ask->role), &new.role) || !role_is_staff(new.role) || new.role == ROLE_FACILITY) {
        return complain(TEXT(
            "the role is city_admin, coordinator or auditor; facility staff are made on the city's pages"));
    }
    struct call call = {.house = house,
                        .city = city,
                        .actor = {.role = ROLE_CITY_ADMIN},
                        .arena = arena,
                        .now = env_now(house->env)};
    enum account_fault fault = ACCOUNT_FINE;
    struct staff_made made;
    if (account_staff_add(&call, &new, &fault, &made) != RC_OK) {
        return complain(TEXT("the database cannot be written; nothing was made"));
    }
    if (fault != ACCOUNT_FINE) {
        return complain(fault_words(fault));
    }
    printf("%s %s\nTOTP secret, shown this once: %.*s\n%.*s\n"
           "The link to set a password is mailed when the server runs.\n",
           ask->role, ask->email, TEXT_F(made.totp_secret), TEXT_F(made.totp_uri));
    return EXIT_DONE;
}

static int open_and_add(const struct staff_ask *ask) {
    struct arena arena;
    struct config config;
    struct process *process = NULL;
    struct text why = TEXT("");
    arena_init(&arena, ARENA_LIMIT);
    int status = EXIT_FAILED;
    if (config_read(&arena, text_of(ask->config), &config, &why) != RC_OK ||
        process_open(&arena, &(struct process_plan){.config = &config}, &process, &why) != RC_OK) {
        status = complain(why);
    } else {
        status = add(ask, &arena, process_house(process));
        process_close(process);
    }
    arena_release(&arena);
    return status;
}

int cmd_staff_add(int argc, char **argv) {
    struct staff_ask ask = {0};
    const struct {
        const char *name;
        const char **value;
    } options[] = {{"--config", &ask.config},
                   {"--city", &ask.city},
                   {"--role", &ask.role},
                   {"--email", &ask.email},
                   {"--name", &ask.name}};
    for (int i = 1; i < argc; i += 2) {
        size_t k = 0;
        while (k < COUNT(options) && strcmp(argv[i], options[k].name) != 0) {
            k++;
        }
        if (k == COUNT(options) || i + 1 == argc) {
            fprintf(stderr,
                    "sango staff-add: '%s' is no option, or lacks its value; see `sango help staff-add`\n",
                    argv[i]);
            return EXIT_USAGE;
        }
        *options[k].value = argv[i + 1];
    }
    if (ask.config == NULL || ask.role == NULL || ask.email == NULL || ask.name == NULL) {
        fputs("sango staff-add: needs --config FILE --role ROLE --email ADDRESS --name NAME\n", stderr);
        return EXIT_USAGE;
    }
    return open_and_add(&ask);
}
