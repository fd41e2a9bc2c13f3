#include "notebooks_export/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double EDGE = 1e-9; // of the width of an axis: what rounding may add to a tick at its end
enum { MOST_DECIMALS = 12 };

double fb_axis_place(const fb_axis *axis, double value)
{
    if (!axis->is_logarithmic) {
        return (value - axis->low) / (axis->high - axis->low);
    }
    return value <= 0.0 ? -INFINITY : log(value / axis->low) / log(axis->high / axis->low);
}

void fb_axis_range_add(fb_range *range, size_t n, const double *values)
{
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(values[k])) {
            continue;
        }
        const bool is_first = range->low > range->high;
        range->low = is_first ? values[k] : fmin(range->low, values[k]);
        range->high = is_first ? values[k] : fmax(range->high, values[k]);
    }
}

fb_axis fb_axis_around(fb_range range, double share, const char *label)
{
    if (range.low > range.high) {
        return (fb_axis){.low = 0.0, .high = 1.0, .label = label};
    }
    double room = share * (range.high - range.low);
    const double size = fmax(fabs(range.low), fabs(range.high));
    if (!(range.high - range.low > 1e-12 * size)) {
        room = size > 0.0 ? 0.1 * size : 1.0;
    }
    return (fb_axis){.low = range.low - room, .high = range.high + room, .label = label};
}

static const int leading[] = {1, 2, 5}; // digits of round numbers

/* m 10^power, exact where a double can be: no sum of rounded steps. */
static double times_power(double m, int power)
{
    return power < 0 ? m / pow(10.0, -power) : m * pow(10.0, power);
}

fb_axis fb_axis_logarithmic(fb_range range, double decades_above, const char *label)
{
    fb_axis axis = {.low = 1.0, .high = 10.0, .is_logarithmic = true, .label = label};
    if (range.low > range.high || !(range.high > 0.0)) {
        return axis;
    }
    const double low = range.low > 0.0 ? range.low : 1e-3 * range.high;
    const int power = (int)floor(log10(low));
    axis.low = times_power(1.0, power);
    for (int k = 1; k < 3; k++) {
        if (times_power(leading[k], power) <= low) {
            axis.low = times_power(leading[k], power);
        }
    }
    axis.high = range.high * pow(10.0, decades_above);
    axis.high = axis.high > axis.low ? axis.high : 10.0 * axis.low;
    return axis;
}

static bool is_within(const fb_axis *axis, double value)
{
    const double edge = EDGE * (axis->high - axis->low);
    return value >= axis->low - edge && value <= axis->high + edge;
}

static void push(double *list, int *n, double value)
{
    if (*n < FB_MAX_TICKS) {
        list[(*n)++] = value;
    }
}

/* Lists the multiples of m 10^power on the axis, FB_MAX_TICKS at most, and returns how many there are. */
static double multiples(const fb_axis *axis, int m, int power, double *list, int *n)
{
    const double step = times_power(m, power), edge = EDGE * (axis->high - axis->low) / step;
    const double first = ceil(axis->low / step - edge), last = floor(axis->high / step + edge);
    *n = 0;
    for (double k = first; k <= last && *n < FB_MAX_TICKS; k += 1.0) {
        push(list, n, times_power(k * m, power) + 0.0); // not -0
    }
    return last - first + 1.0;
}

/* Of a multiple of 10^power. */
static int decimals_of(int power)
{
    return power < -MOST_DECIMALS ? MOST_DECIMALS : power < 0 ? -power : 0;
}

static fb_ticks linear_ticks(const fb_axis *axis, int most)
{
    fb_ticks ticks = {.n = 0};
    int power = (int)floor(log10((axis->high - axis->low) / most)) - 1, k = 0;
    while (multiples(axis, leading[k], power, ticks.value, &ticks.n) > most) {
        k = (k + 1) % 3;
        power += k == 0;
    }
    /* Fifths of 1 and of 5, halves of 2. */
    const int fine = leading[k] == 1 ? 2 : 1;
    multiples(axis, fine, fine == 2 ? power - 1 : power, ticks.minor, &ticks.n_minor);
    ticks.n_minor = ticks.n_minor < FB_MAX_TICKS ? ticks.n_minor : 0; // cut short: better none
    ticks.decimals = decimals_of(power);
    return ticks;
}

/* 1, 2 and 5 times powers of ten. */
static void add_one_two_five(const fb_axis *axis, int first, int last, fb_ticks *ticks)
{
    ticks->n = 0;
    for (int power = first - 1; power <= last; power++) {
        for (int k = 0; k < 3; k++) {
            double value = times_power(leading[k], power);
            if (is_within(axis, value)) {
                push(ticks->value, &ticks->n, value);
            }
        }
    }
    ticks->decimals = ticks->n > 0 ? decimals_of((int)floor(log10(ticks->value[0]) + EDGE)) : 0;
}

static fb_ticks logarithmic_ticks(const fb_axis *axis, int most)
{
    fb_ticks ticks = {.n = 0};
    const int first = (int)ceil(log10(axis->low) - EDGE), last = (int)floor(log10(axis->high) + EDGE);
    const int every = (last - first) / most + 1;
    if (log10(axis->high / axis->low) < 2.0) {
        add_one_two_five(axis, first, last, &ticks);
        if (ticks.n < 2) {
            return linear_ticks(axis, most);
        }
    } else {
        ticks.is_power = true;
        for (int power = first; power <= last; power += every) {
            push(ticks.value, &ticks.n, times_power(1.0, power));
        }
    }
    for (int power = first - 1; power <= last && every == 1; power++) {
        for (int m = 2; m < 10; m++) {
            if (is_within(axis, times_power(m, power))) {
                push(ticks.minor, &ticks.n_minor, times_power(m, power));
            }
        }
    }
    return ticks;
}

fb_ticks fb_axis_ticks(const fb_axis *axis, int most)
{
    most = most < 2 ? 2 : most < FB_MAX_TICKS ? most : FB_MAX_TICKS;
    if (!(axis->low < axis->high) || !isfinite(axis->high - axis->low) ||
        (axis->is_logarithmic && !(axis->low > 0.0))) {
        return (fb_ticks){.n = 0};
    }
    return axis->is_logarithmic ? logarithmic_ticks(axis, most) : linear_ticks(axis, most);
}

const char *fb_axis_number_text(double value, int decimals, char text[FB_TICK_SIZE])
{
    const int n = decimals < 0 ? 0 : decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS;
    char digits[FB_TICK_SIZE];
    if (!(fabs(value) < 1e15)) {
        return strcpy(text, "-");
    }
    /* Whatever the locale puts between them, the first digits are the whole part and the last n the fraction. */
    const int length = snprintf(digits, sizeof digits, "%.*f", n, fabs(value));
    const char *fraction = digits + length - n;
    const int whole = (int)strspn(digits, "0123456789");
    const bool is_zero = strpbrk(digits, "123456789") == NULL;
    snprintf(text, FB_TICK_SIZE, "%s%.*s%s%s", value < 0.0 && !is_zero ? "\xE2\x88\x92" : "", whole, digits,
             n > 0 ? "." : "", n > 0 ? fraction : "");
    return text;
}

const char *fb_axis_tick_text(const fb_ticks *ticks, int k, char text[FB_TICK_SIZE])
{
    const double value = ticks->value[k];
    if (!ticks->is_power) {
        return fb_axis_number_text(value, ticks->decimals, text);
    }
    const int power = (int)lround(log10(value));
    if (power >= 0 && power <= 1) {
        snprintf(text, FB_TICK_SIZE, "%d", power == 0 ? 1 : 10);
    } else {
        snprintf(text, FB_TICK_SIZE, "10^{%s%d}", power < 0 ? "\xE2\x88\x92" : "", power < 0 ? -power : power);
    }
    return text;
}
