/* One JSON object on one line, written member by member. */
#ifndef EXAMPLE_JSON_LINE_H
#define EXAMPLE_JSON_LINE_H

#include <interaction_code.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct json_line {
    FILE *out;
    bool more; /* a comma is due */
} json_line;

/* A JSON string. The text is UTF-8, as everything that comes from the library; what JSON wants escaped is,
 * and so is everything below space, which keeps the line one line. */
static void json_escaped(FILE *out, const char *text, size_t length)
{
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            fputc('\\', out);
            fputc(byte, out);
        } else if (byte < 0x20 || byte == 0x7f) {
            fprintf(out, "\\u%04x", byte);
        } else {
            fputc(byte, out);
        }
    }
    fputc('"', out);
}

static void json_begin(json_line *line, char bracket)
{
    fputs(line->more ? "," : "", line->out);
    fputc(bracket, line->out);
    line->more = false;
}

static void json_end(json_line *line, char bracket)
{
    fputc(bracket, line->out);
    line->more = true;
}

/* The name of the next member; `{` or `[` may follow by json_begin. */
static void json_name(json_line *line, const char *name)
{
    fputs(line->more ? "," : "", line->out);
    json_escaped(line->out, name, strlen(name));
    fputc(':', line->out);
    line->more = false;
}

/* A text, or null where there is none. */
static void json_str(json_line *line, ic_str text)
{
    fputs(line->more ? "," : "", line->out);
    if (text.data == NULL) {
        fputs("null", line->out);
    } else {
        json_escaped(line->out, text.data, text.len);
    }
    line->more = true;
}

static void json_str_member(json_line *line, const char *name, ic_str text)
{
    json_name(line, name);
    json_str(line, text);
}

static void json_text_member(json_line *line, const char *name, const char *text)
{
    json_str_member(line, name, (ic_str){text, text != NULL ? strlen(text) : 0});
}

static void json_number_member(json_line *line, const char *name, bool known, int64_t number)
{
    json_name(line, name);
    if (known) {
        fprintf(line->out, "%" PRId64, number);
    } else {
        fputs("null", line->out);
    }
    line->more = true;
}

#endif
