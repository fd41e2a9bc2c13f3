#include "baseline/experiments/method_name.h"

#include <stdbool.h>
#include <string.h>

/* Beside the folders of the methods. */
static const char *const taken[] = {"config.yaml", "leaderboard.md", "leaderboard.json", "leaderboard.html"};

static bool is_printable(const char *text, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (text[k] < ' ' || text[k] > '~') {
            return false;
        }
    }
    return true;
}

/* Takes the first `n` characters of `base` as a name; `text` is where it comes from. */
static fb_status take(const char *text, const char *base, size_t n, char name[FB_METHOD_NAME_SIZE], fb_error *error)
{
    if (n < 1 || n > FB_METHOD_NAME_SIZE - 1 || base[0] == '.' || !is_printable(base, n)) {
        return fb_fail(
            error, FB_ERROR_USAGE,
            "%s: the name of a method is also that of its folder, and '%.*s' cannot be one: 1 to %d printable ASCII "
            "characters are allowed, the first one not a dot",
            text, (int)n, base, FB_METHOD_NAME_SIZE - 1);
    }
    memmove(name, base, n);
    name[n] = '\0';
    for (size_t k = 0; k < sizeof taken / sizeof taken[0]; k++) {
        if (strcmp(name, taken[k]) == 0) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: a method cannot be called '%s', as a file of the leaderboard is",
                           text, name);
        }
    }
    return FB_OK;
}

fb_status fb_method_name_of(const char *path, char name[FB_METHOD_NAME_SIZE], fb_error *error)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    return take(path, base, dot != NULL ? (size_t)(dot - base) : strlen(base), name, error);
}

fb_status fb_method_name_check(const char *name, fb_error *error)
{
    char same[FB_METHOD_NAME_SIZE];
    return take(name, name, strchr(name, '/') == NULL ? strlen(name) : 0, same, error);
}

fb_status fb_method_name_before(const char *text, const char **method, char name[FB_METHOD_NAME_SIZE], fb_error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    const size_t n = strcspn(text, "= \t\n'\"");
    name[0] = '\0';
    *method = text;
    if (text[n] != '=') {
        return FB_OK;
    }
    if (n < 1 || n > FB_METHOD_NAME_SIZE - 1 || strspn(text, letters) != n || text[0] == '.') {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--method %.100s: '%.*s' is no name of a method: 1 to %d letters, digits, '_', '-' and dots are "
                       "allowed, the first one not a dot; without a name, no '=' can be in the first word",
                       text, (int)(n < FB_METHOD_NAME_SIZE ? n : FB_METHOD_NAME_SIZE), text, FB_METHOD_NAME_SIZE - 1);
    }
    *method = text + n + 1;
    return take(text, text, n, name, error);
}
