/** \file shuffle.h
 * Random orders, by the method of Fisher and Yates (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P).
 */
#ifndef FB_MODELS_COMMON_SHUFFLE_H
#define FB_MODELS_COMMON_SHUFFLE_H

#include <stdint.h>

/** Draws a number from 0 to n - 1, 1 <= n < 2^32, each as likely as any other. */
typedef uint32_t fb_shuffle_draw(void *context, uint32_t n);

/** Puts `order` [n] into a random order: swaps the last number with number draw(n), the one before it with number
 * draw(n - 1), and so on to draw(2). */
void fb_shuffle(uint32_t n, uint32_t *order, fb_shuffle_draw *draw, void *context);

/** Draws from `random`, an fb_random: exactly uniform, by the high half of a product and, in the rare case that would
 *  favour some numbers, another try (Lemire, ACM Trans. Model. Comput. Simul. 29 (2019) 3). */
uint32_t fb_shuffle_draw_exact(void *random, uint32_t n);

/** Draws from `random`, an fb_random: n times a uniform number of 52 bits, rounded down; uniform to 2^-20 of 1 / n. */
uint32_t fb_shuffle_draw_scaled(void *random, uint32_t n);

#endif
