/* Writes each message as a file instead of sending it: demo, tests, and places that carry mail out by hand.
 * DIR/<seconds of the date>-<message id>.eml, whole or not at all; the same message again replaces its own file. */
#ifndef SANGO_NOTIFY_MAILDIR_H
#define SANGO_NOTIFY_MAILDIR_H

#include "notify/channel.h"

struct maildir {
    struct text path; /* made when missing, mode 0700 */
};

struct channel maildir_channel(struct maildir *maildir);

#endif
