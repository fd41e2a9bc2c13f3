/** \file c_locale.h
 * Text and numbers are turned into each other in the locale "C", whatever the program that uses the library has set:
 * elsewhere 0.5 is "0,5", and a file of 27,839 cannot be read again.
 *
 * This is the only place that asks for a locale, or for strtod. A locale belongs to a thread: public functions begin
 * with FB_C_LOCALE, and what threads of OpenMP may call as well (text.h, status.h, log.h) enters by itself.
 * tests/check_locale.sh looks at both.
 */
#ifndef FB_MODELS_COMMON_C_LOCALE_H
#define FB_MODELS_COMMON_C_LOCALE_H

/** The locale that the calling thread had. */
typedef struct fb_c_locale {
    void *before;
} fb_c_locale;

/** The calling thread is in the locale "C" until fb_c_locale_leave, which the same thread calls. Pairs may be nested.
 * Costs a few nanoseconds and cannot fail. */
fb_c_locale fb_c_locale_enter(void);
void fb_c_locale_leave(const fb_c_locale *scope);

/** As a declaration, the first of a function: the locale "C" until it returns. */
#define FB_C_LOCALE                                                                                                    \
    __attribute__((cleanup(fb_c_locale_leave), unused)) const fb_c_locale fb_c_locale_scope = fb_c_locale_enter()

/** strtod and strtof of the locale "C", in any thread. */
double fb_c_locale_strtod(const char *text, char **end);
float fb_c_locale_strtof(const char *text, char **end);

#endif
