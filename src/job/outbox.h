/* The sender of the outbox: takes notices that are due behind a lease, hands each to the channel, and settles it. One
 * success is one message; after a crash between the two the message goes out once more with the same Message-ID. */
#ifndef SANGO_JOB_OUTBOX_H
#define SANGO_JOB_OUTBOX_H

#include "job/job.h"
#include "notify/channel.h"

struct outbox {
    struct channel channel;
    struct text from;      /* one address */
    struct text from_name; /* may be empty */
};

/* Jobs of the mail crew; their ctx is a struct outbox. */
extern const struct job job_mail[];
extern const size_t job_mail_count;

#endif
