#include "models/common/c_locale.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>

static locale_t c;

static void make(void)
{
    c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Made once, and kept until the process ends. The C library has this one ready, so making it does not fail. */
static locale_t c_locale(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make);
    return c;
}

fb_c_locale fb_c_locale_enter(void)
{
    return (fb_c_locale){uselocale(c_locale())};
}

void fb_c_locale_leave(const fb_c_locale *scope)
{
    (void)uselocale((locale_t)scope->before);
}

double fb_c_locale_strtod(const char *text, char **end)
{
    return strtod_l(text, end, c_locale());
}

float fb_c_locale_strtof(const char *text, char **end)
{
    return strtof_l(text, end, c_locale());
}
