/* `sango staff-add`: the first accounts of a city's staff, before anybody can sign in to make others. The person sets a
 * password by the link that is mailed when the server runs; the TOTP secret is printed here and nowhere else. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/deed.h"
#include "service/account.h"

struct staff_ask {
    const char *config;
    const char *city; /* NULL: the only one */
    const char *role;
    const char *email;
    const char *name;
};

static const char command[] = "staff-add";

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

static int add(const void *given, struct call *call) {
    const struct staff_ask *ask = given;
    struct staff_new new = {.email = text_of(ask->email), .name = text_of(ask->name)};
    if (!role_parse(text_of(ask->role), &new.role) || !role_is_staff(new.role) || new.role == ROLE_FACILITY) {
        return deed_failed(
            command,
            TEXT(
                "the role is city_admin, coordinator or auditor; facility staff are made on the city's pages"));
    }
    enum account_fault fault = ACCOUNT_FINE;
    struct staff_made made;
    if (account_staff_add(call, &new, &fault, &made) != RC_OK) {
        return deed_failed(command, TEXT("the database cannot be written; nothing was made"));
    }
    if (fault != ACCOUNT_FINE) {
        return deed_failed(command, fault_words(fault));
    }
    printf("%s %s\nTOTP secret, shown this once: %.*s\n%.*s\n"
           "The link to set a password is mailed when the server runs.\n",
           ask->role, ask->email, TEXT_F(made.totp_secret), TEXT_F(made.totp_uri));
    return EXIT_DONE;
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
    return deed_do(&(struct deed){.command = command,
                                  .config = ask.config,
                                  .city = ask.city,
                                  .role = ROLE_CITY_ADMIN,
                                  .run = add,
                                  .ask = &ask});
}
