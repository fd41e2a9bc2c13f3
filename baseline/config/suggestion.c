#include "baseline/config/suggestion.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 40, ROWS = LONGEST + 1 };

static int letter(char c)
{
    return c == '_' ? '-' : tolower((unsigned char)c);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* One row of the table of distances after the other; the row before the last is for exchanged neighbours. */
static int distance_of(const char *a, int n_a, const char *b, int n_b)
{
    int row[3][ROWS];
    for (int j = 0; j <= n_b; j++) {
        row[0][j] = j;
    }
    for (int i = 1; i <= n_a; i++) {
        const int *two_before = row[(i + 1) % 3], *before = row[(i + 2) % 3];
        int *now = row[i % 3];
        now[0] = i;
        for (int j = 1; j <= n_b; j++) {
            const int differs = letter(a[i - 1]) != letter(b[j - 1]);
            now[j] = least(before[j - 1] + differs, 1 + least(before[j], now[j - 1]));
            if (i > 1 && j > 1 && letter(a[i - 1]) == letter(b[j - 2]) && letter(a[i - 2]) == letter(b[j - 1])) {
                now[j] = least(now[j], two_before[j - 2] + 1);
            }
        }
    }
    return row[n_a % 3][n_b];
}

fb_suggestion fb_suggestion_start(const char *word)
{
    return (fb_suggestion){.word = word, .distance = LONGEST};
}

void fb_suggestion_offer(fb_suggestion *suggestion, const char *name)
{
    enum { LEAST_OF_BEGINNING = 2, LETTERS_PER_FAULT = 3 };
    const int n_word = (int)strnlen(suggestion->word, ROWS), n_name = (int)strnlen(name, ROWS);
    if (n_word > LONGEST || n_name > LONGEST) {
        return;
    }
    const int shared = least(n_word, n_name);
    const bool begins =
        n_word >= LEAST_OF_BEGINNING && shared == n_word && distance_of(suggestion->word, n_word, name, n_word) == 0;
    const int distance = begins ? 0 : distance_of(suggestion->word, n_word, name, n_name);
    if (distance <= n_word / LETTERS_PER_FAULT && distance < suggestion->distance) {
        suggestion->best = name;
        suggestion->distance = distance;
    }
}

const char *fb_suggestion_text(const fb_suggestion *suggestion, const char *before, char buffer[FB_SUGGESTION_SIZE])
{
    buffer[0] = '\0';
    if (suggestion->best != NULL) {
        snprintf(buffer, FB_SUGGESTION_SIZE, "; did you mean %s%s?", before, suggestion->best);
    }
    return buffer;
}
