/* Credentials from a file descriptor, never from the command line: every user of the machine sees those.
 *
 * Lines of `name=value`, in any order, each optional: username, password, code. */
#ifndef EXAMPLE_CREDENTIALS_H
#define EXAMPLE_CREDENTIALS_H

#include "file_storage.h"

typedef struct credentials {
    char text[4096]; /* all of it, wiped in the end; the others point into it */
    const char *username;
    const char *password;
    const char *code;
} credentials;

/* Reads to the end of the descriptor. Not stdio, which would keep a copy in its buffer. */
static bool credentials_read(credentials *out, int file)
{
    size_t length = 0;
    ssize_t count;
    memset(out, 0, sizeof *out);
    do {
        count = read(file, out->text + length, sizeof out->text - 1 - length);
        length += count > 0 ? (size_t)count : 0;
    } while ((count > 0 && length < sizeof out->text - 1) || (count < 0 && errno == EINTR));
    if (count < 0 || length == sizeof out->text - 1 || memchr(out->text, '\0', length) != NULL) {
        fprintf(stderr, "the credentials cannot be read: %s\n",
                count < 0 ? strerror(errno) : "too long, or not text");
        return false;
    }
    const struct {
        const char *name;
        const char **value;
    } names[] = {{"username=", &out->username}, {"password=", &out->password}, {"code=", &out->code}};
    for (char *line = out->text; *line != '\0';) {
        size_t end = strcspn(line, "\n");
        char *next = line[end] == '\n' ? line + end + 1 : line + end;
        line[end > 0 && line[end - 1] == '\r' ? end - 1 : end] = '\0';
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            size_t length_of_name = strlen(names[i].name);
            if (strncmp(line, names[i].name, length_of_name) == 0) {
                *names[i].value = line + length_of_name;
            }
        }
        line = next;
    }
    return true;
}

#endif
