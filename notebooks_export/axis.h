/** \file axis.h
 * Axes of a picture: which range, where the ticks are, what they are called.
 */
#ifndef FB_NOTEBOOKS_EXPORT_AXIS_H
#define FB_NOTEBOOKS_EXPORT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fb_axis {
    double low, high; ///< ends, low < high, finite; > 0 where logarithmic
    bool is_logarithmic;
    const char *label; ///< may have `_{...}` and `^{...}` (svg.h); borrowed
} fb_axis;

/** Where `value` is between the ends: 0 at low, 1 at high, outside beyond. NaN for NaN; -infinity for values <= 0 on a
 *  logarithmic axis. */
double fb_axis_place(const fb_axis *axis, double value);

/** Smallest and largest of what was shown to it. Starts as FB_RANGE_EMPTY. */
typedef struct fb_range {
    double low, high;
} fb_range;

#define FB_RANGE_EMPTY ((fb_range){1.0, 0.0})

/** Shows it `n` values; those that are not finite are passed over. */
void fb_axis_range_add(fb_range *range, size_t n, const double *values);

/** The range with room around it, as a linear axis: `share` of its width on either side. An empty range becomes
 *  [0, 1], a point gets a tenth of its size on either side. */
fb_axis fb_axis_around(fb_range range, double share, const char *label);

/** Ends of a logarithmic axis that holds `range` with `decades_above` decades of room above; low is rounded down to 1,
 * 2 or 5 times a power of ten. A range without positive end becomes [1, 10]; a low end <= 0 is a thousandth of the high
 * one. */
fb_axis fb_axis_logarithmic(fb_range range, double decades_above, const char *label);

enum { FB_MAX_TICKS = 64, FB_TICK_SIZE = 32 };

/** The ticks of an axis, in rising order, all within its ends. */
typedef struct fb_ticks {
    int n;                      ///< with a number, 0 .. FB_MAX_TICKS
    double value[FB_MAX_TICKS]; ///< [n]
    int n_minor;                ///< without
    double minor[FB_MAX_TICKS]; ///< [n_minor]
    int decimals;               ///< of the numbers
    bool is_power;              ///< the numbers are powers of ten
} fb_ticks;

/** Linear: multiples of 1, 2 or 5 times a power of ten, at most `most` (>= 2) of them and as many as that allows.
 *  Logarithmic: powers of ten, every second or third ... of them if there are more than `most`; over less than two
 *  decades 1, 2 and 5 times them; and where that leaves fewer than two, those of a linear axis. */
fb_ticks fb_axis_ticks(const fb_axis *axis, int most);

/** What stands beside tick `k`: "0.5", "1200", "10^{5}". No locale is asked. Returns `text`. */
const char *fb_axis_tick_text(const fb_ticks *ticks, int k, char text[FB_TICK_SIZE]);

/** A number with `decimals` (0 .. 12) decimals, rounded, whatever the locale; "-" for one that is not finite or not
 * below 1e15 in size, and no minus before a zero. Returns `text`. */
const char *fb_axis_number_text(double value, int decimals, char text[FB_TICK_SIZE]);

#endif
