/** \file suggestion.h
 * "did you mean": the known name that a mistyped word comes nearest to.
 */
#ifndef FB_BASELINE_CONFIG_SUGGESTION_H
#define FB_BASELINE_CONFIG_SUGGESTION_H

enum { FB_SUGGESTION_SIZE = 96 };

typedef struct fb_suggestion {
    const char *word, *best; ///< borrowed; best is NULL as long as no name is near
    int distance;            ///< of `best`
} fb_suggestion;

fb_suggestion fb_suggestion_start(const char *word);

/** Takes a known name into account. Near are names that the word begins, and those at most a third of its letters away
 * by letters that are left out, added, replaced or exchanged with their neighbour (the distance of Damerau and
 * Levenshtein, each letter changed once at most); capitals are as good as small letters, '_' as '-'. */
void fb_suggestion_offer(fb_suggestion *suggestion, const char *name);

/** "; did you mean --threads?", or "" where no name is near.
 *  \param before  what names have before them, as "--" */
const char *fb_suggestion_text(const fb_suggestion *suggestion, const char *before, char buffer[FB_SUGGESTION_SIZE]);

#endif
