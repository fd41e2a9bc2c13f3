/* The canvas: text and numbers of an SVG picture, ticks, and that nothing leaves its frame. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/random.h"
#include "notebooks_export/legend.h"
#include "notebooks_export/panel.h"
#include "tests/support/support.h"

static const fb_svg_style line_style = {.stroke = FB_BLACK, .width = 1.0};

static fb_svg *picture(void)
{
    static fb_svg svg;
    fb_svg_begin(&svg, 200.0, 100.0, "t");
    return &svg;
}

/* The text of the picture, which is released. Free it. */
static char *text_of(fb_svg *svg)
{
    fb_error error = {0};
    char *text = NULL;
    FB_ASSERT_OK(fb_svg_finish(svg, &text, &error));
    return text;
}

static void expect(fb_svg *svg, const char *wanted)
{
    char *text = text_of(svg);
    ck_assert_msg(strstr(text, wanted) != NULL, "'%s' is not in %s", wanted, text);
    free(text);
}

START_TEST(picture_is_written)
{
    fb_svg *svg = picture();
    fb_svg_line(svg, 1.0, 2.005, -3.456, 4.5, &line_style);
    char *text = text_of(svg);
    ck_assert_str_eq(text, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"200\" height=\"100\" "
                           "viewBox=\"0 0 200 100\" font-family=\"sans-serif\">\n<title>t</title>\n"
                           "<rect x=\"0\" y=\"0\" width=\"200\" height=\"100\" fill=\"#FFFFFF\"/>\n"
                           "<path fill=\"none\" stroke=\"#000000\" stroke-width=\"1\" d=\"M1 2.01L-3.46 4.5\"/>\n"
                           "</svg>\n");
    free(text);
}
END_TEST

/* Straight steps are written short, and closing follows. */
START_TEST(paths_are_short)
{
    fb_svg *svg = picture();
    fb_svg_path_begin(svg, &line_style);
    fb_svg_path_move(svg, 1.0, 1.0);
    fb_svg_path_line(svg, 1.001, 2.0);
    fb_svg_path_line(svg, 3.0, 2.0);
    fb_svg_path_line(svg, 4.0, 0.05);
    fb_svg_path_close(svg);
    fb_svg_path_end(svg);
    expect(svg, "d=\"M1 1V2H3L4 0.05Z\"");
}
END_TEST

/* What is not finite is not written, and a path without a line not at all. */
START_TEST(not_finite_is_left_out)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int k = 0; k < 3; k++) {
        fb_svg *svg = picture();
        fb_svg_line(svg, 0.0, bad[k], 1.0, 1.0, &line_style);
        fb_svg_line(svg, 0.0, 0.0, bad[k], 1.0, &line_style);
        fb_svg_rectangle(svg, bad[k], 0.0, 1.0, 1.0, &line_style);
        fb_svg_rectangle(svg, 0.0, 0.0, -1.0, 1.0, &line_style);
        fb_svg_circle(svg, bad[k], 0.0, 1.0, &line_style);
        fb_svg_words(svg, 1.0, bad[k], 10.0, FB_SVG_START, "words");
        fb_svg_path_begin(svg, &line_style);
        fb_svg_path_line(svg, 1.0, 1.0);
        fb_svg_path_line(svg, bad[k], 1.0);
        fb_svg_path_line(svg, 2.0, 2.0);
        fb_svg_path_close(svg);
        fb_svg_path_end(svg);
        char *text = text_of(svg);
        ck_assert_msg(strstr(text, "<path") == NULL && strstr(text, "<circle") == NULL && strstr(text, "words") == NULL,
                      "%s", text);
        ck_assert_ptr_eq(strstr(strstr(text, "<rect") + 1, "<rect"), NULL);
        free(text);
    }
    fb_svg *svg = picture();
    fb_svg_path_begin(svg, &line_style);
    fb_svg_path_move(svg, 1.0, 1.0);
    fb_svg_path_line(svg, 2.0, 3.0);
    fb_svg_path_line(svg, NAN, 1.0);
    fb_svg_path_line(svg, 4.0, 5.0);
    fb_svg_path_line(svg, 6.0, 7.0);
    fb_svg_path_end(svg);
    expect(svg, "d=\"M1 1L2 3M4 5L6 7\"");
}
END_TEST

START_TEST(text_is_escaped)
{
    static const char *const cases[][2] = {
        {"a<b>&\"c\"'", ">a&lt;b&gt;&amp;&quot;c&quot;'</text>"},
        {"\xCE\xBC \xF0\x9F\x98\x80", ">\xCE\xBC \xF0\x9F\x98\x80</text>"},
        {"x\x01y\xFFz", ">x\xEF\xBF\xBDy\xEF\xBF\xBDz</text>"},
        {"\xC0\xAF", ">\xEF\xBF\xBD\xEF\xBF\xBD</text>"},                          /* a slash written too long */
        {"\xED\xA0\x80", ">\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD</text>"},          /* half of a pair */
        {"\xEF\xBF\xBE", ">\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD</text>"},          /* U+FFFE */
        {"\xF4\x90\x80\x80", ">\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* beyond U+10FFFF */
        {"cut \xE2\x82", ">cut \xEF\xBF\xBD\xEF\xBF\xBD</text>"},
        {"S_{i}(\xCE\xB1)",
         ">S<tspan dy=\"2.5\" font-size=\"7.2\">i</tspan><tspan dy=\"-2.5\">(\xCE\xB1)</tspan></text>"},
        {"10^{<5}", ">10<tspan dy=\"-3.8\" font-size=\"7.2\">&lt;5</tspan></text>"},
        {"a_{b ^c", ">a_{b ^c</text>"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_svg *svg = picture();
        fb_svg_words(svg, 1.0, 1.0, 10.0, FB_SVG_START, cases[k][0]);
        expect(svg, cases[k][1]);
    }
    fb_svg svg;
    fb_svg_begin(&svg, 1.0, 1.0, "</title><script>");
    expect(&svg, "<title>&lt;/title&gt;&lt;script&gt;</title>");
}
END_TEST

START_TEST(numbers_become_text)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{0.0, 0, "0"},
                 {0.125, 2, "0.12"},
                 {-1.5, 1,
                  "\xE2\x88\x92"
                  "1.5"},
                 {-0.001, 2, "0.00"},
                 {123456.0, 0, "123456"},
                 {0.05, 1, "0.1"},
                 {NAN, 2, "-"},
                 {INFINITY, 0, "-"},
                 {1e15, 0, "-"},
                 {2.0, -3, "2"},
                 {1.0, 99, "1.000000000000"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[FB_TICK_SIZE];
        ck_assert_str_eq(fb_axis_number_text(cases[k].value, cases[k].decimals, text), cases[k].text);
    }
}
END_TEST

/* The texts of the ticks of an axis, with blanks between them. */
static void check_ticks(double low, double high, bool is_logarithmic, int most, const char *wanted)
{
    const fb_axis axis = {.low = low, .high = high, .is_logarithmic = is_logarithmic};
    const fb_ticks ticks = fb_axis_ticks(&axis, most);
    char all[512] = "", text[FB_TICK_SIZE];
    for (int k = 0; k < ticks.n; k++) {
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", k > 0 ? " " : "",
                 fb_axis_tick_text(&ticks, k, text));
    }
    ck_assert_msg(strcmp(all, wanted) == 0, "[%g, %g]: '%s', not '%s'", low, high, all, wanted);
}

START_TEST(ticks_are_round)
{
    check_ticks(0.0, 1.0, false, 6, "0.0 0.2 0.4 0.6 0.8 1.0");
    check_ticks(0.9, 1.1, false, 5, "0.90 0.95 1.00 1.05 1.10");
    check_ticks(-0.3, 0.3, false, 4,
                "\xE2\x88\x92"
                "0.2 0.0 0.2");
    check_ticks(262345.0, 331234.0, false, 4, "280000 300000 320000");
    check_ticks(1e-6, 3e-6, false, 3, "0.000001 0.000002 0.000003");
    check_ticks(-0.5, 24.5, false, 10, "0 5 10 15 20");
    check_ticks(1.0, 1e6, true, 9, "1 10 10^{2} 10^{3} 10^{4} 10^{5} 10^{6}");
    check_ticks(20.0, 4e5, true, 9, "10^{2} 10^{3} 10^{4} 10^{5}");
    check_ticks(1e-3, 1e9, true, 4,
                "10^{\xE2\x88\x92"
                "3} 10 10^{5} 10^{9}");
    check_ticks(0.3, 8.0, true, 6, "0.5 1.0 2.0 5.0");
    check_ticks(0.5, 5.0, true, 6, "0.5 1.0 2.0 5.0");
    check_ticks(3.0, 4.0, true, 6, "3.0 3.2 3.4 3.6 3.8 4.0");
    check_ticks(1.0, 1.0, false, 6, "");
    check_ticks(2.0, 1.0, false, 6, "");
    check_ticks(0.0, 1.0, true, 6, "");
    check_ticks(0.0, INFINITY, false, 6, "");
    check_ticks(NAN, 1.0, false, 6, "");
    /* Small ticks: fifths, halves, all digits; none where powers of ten are left out. */
    ck_assert_int_eq(fb_axis_ticks(&(fb_axis){.low = 0.0, .high = 10.0}, 12).n_minor, 51);
    ck_assert_int_eq(fb_axis_ticks(&(fb_axis){.low = 0.0, .high = 10.0}, 6).n_minor, 11);
    ck_assert_int_eq(fb_axis_ticks(&(fb_axis){.low = 1.0, .high = 100.0, .is_logarithmic = true}, 6).n_minor, 16);
    ck_assert_int_eq(fb_axis_ticks(&(fb_axis){.low = 1.0, .high = 1e9, .is_logarithmic = true}, 4).n_minor, 0);
}
END_TEST

/* On any axis: within the ends, rising, at most as many as allowed, and not needlessly few. */
START_TEST(ticks_fit_any_axis)
{
    fb_random random = fb_random_at(21, FB_STREAM_TOY, 0);
    for (int trial = 0; trial < 20000; trial++) {
        const double size = pow(10.0, 24.0 * fb_random_uniform(&random) - 12.0);
        const double centre = size * pow(10.0, 6.0 * fb_random_uniform(&random) - 3.0) * (trial % 2 == 0 ? 1.0 : -1.0);
        fb_axis axis = {.low = centre - size, .high = centre + size, .is_logarithmic = trial % 5 == 0};
        if (axis.is_logarithmic) {
            axis.low = size;
            axis.high = size * pow(10.0, 0.05 + 12.0 * fb_random_uniform(&random));
        }
        const int most = 2 + trial % 11;
        const fb_ticks ticks = fb_axis_ticks(&axis, most);
        const double edge = 1e-6 * (axis.high - axis.low);
        ck_assert_int_ge(ticks.n + axis.is_logarithmic, most >= 5 ? 2 : most >= 3 ? 1 : 0);
        ck_assert_int_le(ticks.n, axis.is_logarithmic ? (most < 7 ? 7 : most) : most);
        ck_assert(ticks.n_minor >= 0 && ticks.n_minor <= FB_MAX_TICKS);
        for (int k = 0; k < ticks.n; k++) {
            ck_assert(ticks.value[k] >= axis.low - edge && ticks.value[k] <= axis.high + edge);
            ck_assert(k == 0 || ticks.value[k] > ticks.value[k - 1]);
        }
        for (int k = 0; k < ticks.n_minor; k++) {
            ck_assert(ticks.minor[k] >= axis.low - edge && ticks.minor[k] <= axis.high + edge);
        }
    }
}
END_TEST

START_TEST(ranges_become_axes)
{
    fb_range range = FB_RANGE_EMPTY;
    fb_axis axis = fb_axis_around(range, 0.1, NULL);
    ck_assert(axis.low == 0.0 && axis.high == 1.0);
    fb_axis_range_add(&range, 5, (const double[]){NAN, 3.0, -INFINITY, 1.0, INFINITY});
    ck_assert(range.low == 1.0 && range.high == 3.0);
    axis = fb_axis_around(range, 0.1, NULL);
    FB_ASSERT_NEAR(axis.low, 0.8, 1e-12);
    FB_ASSERT_NEAR(axis.high, 3.2, 1e-12);
    axis = fb_axis_around((fb_range){-5.0, -5.0}, 0.1, NULL);
    ck_assert(axis.low == -5.5 && axis.high == -4.5);
    axis = fb_axis_around((fb_range){0.0, 0.0}, 0.1, NULL);
    ck_assert(axis.low == -1.0 && axis.high == 1.0);
    axis = fb_axis_logarithmic((fb_range){37.0, 2e5}, 0.0, NULL);
    ck_assert(axis.low == 20.0 && axis.high == 2e5);
    axis = fb_axis_logarithmic((fb_range){0.0, 100.0}, 1.0, NULL);
    FB_ASSERT_NEAR(axis.low, 0.1, 1e-12);
    FB_ASSERT_NEAR(axis.high, 1000.0, 1e-9);
    axis = fb_axis_logarithmic((fb_range){-3.0, 0.0}, 1.0, NULL);
    ck_assert(axis.low == 1.0 && axis.high == 10.0);
    FB_ASSERT_NEAR(fb_axis_place(&(fb_axis){.low = 1.0, .high = 100.0, .is_logarithmic = true}, 10.0), 0.5, 1e-15);
    ck_assert(isinf(fb_axis_place(&(fb_axis){.low = 1.0, .high = 100.0, .is_logarithmic = true}, 0.0)));
}
END_TEST

/* --- the frame ---------------------------------------------------------------------------------------------------- */

static fb_panel panel_of(fb_svg *svg)
{
    return (fb_panel){.svg = svg,
                      .left = 50.0,
                      .top = 10.0,
                      .width = 100.0,
                      .height = 50.0,
                      .x = {.low = 0.0, .high = 1.0},
                      .y = {.low = 0.0, .high = 1.0}};
}

/* Whether every point of the path, as the canvas writes them, is within the frame of panel_of; the number of points. */
static int check_path(const char *d)
{
    double at[2] = {0.0, 0.0};
    int n = 0;
    while (*d != '"') {
        const char letter = *d++;
        char *end = NULL;
        if (letter == 'Z') {
            continue;
        }
        ck_assert_msg(strchr("MLHV", letter) != NULL, "'%c' in a path", letter);
        if (letter != 'V') {
            at[0] = strtod(d, &end);
            d = end;
        }
        if (letter != 'H') {
            at[1] = strtod(d, &end);
            d = end;
        }
        n++;
        ck_assert_msg(at[0] >= 50.0 && at[0] <= 150.0 && at[1] >= 10.0 && at[1] <= 60.0, "(%g, %g) is outside", at[0],
                      at[1]);
    }
    return n;
}

/* All paths of the picture; returns the number of their points. */
static int check_paths(fb_svg *svg)
{
    char *text = text_of(svg);
    int n = 0;
    for (const char *at = text; (at = strstr(at, " d=\"")) != NULL;) {
        at += 4;
        n += check_path(at);
    }
    free(text);
    return n;
}

/* A number that is often inside, sometimes outside, now and then nothing. */
static double wild(fb_random *random)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 0.0, 1.0};
    const double u = fb_random_uniform(random);
    return u < 0.1 ? odd[(int)(70.0 * u)] : 3.0 * fb_random_uniform(random) - 1.0;
}

START_TEST(nothing_leaves_the_frame)
{
    enum { N = 12 };
    fb_random random = fb_random_at(22, FB_STREAM_TOY, 0);
    const fb_svg_style fill = {.fill = FB_BLUE};
    int n_points = 0;
    for (int trial = 0; trial < 2000; trial++) {
        fb_svg *svg = picture();
        fb_panel panel = panel_of(svg);
        double x[N + 1], edges[N + 1], y[N], low[N], high[N];
        if (trial % 3 == 0) {
            panel.y = (fb_axis){.low = 0.1, .high = 2.0, .is_logarithmic = true};
        }
        for (int k = 0; k < N; k++) {
            x[k] = wild(&random);
            y[k] = wild(&random);
            low[k] = wild(&random);
            high[k] = wild(&random);
        }
        for (int k = 0; k <= N; k++) {
            edges[k] = -0.3 + 1.6 * k / N;
        }
        fb_panel_line(&panel, N, x, y, &line_style);
        fb_panel_steps(&panel, N, edges, y, &line_style);
        fb_panel_fill(&panel, N, edges, low, high, &fill);
        fb_panel_fill(&panel, N, edges, NULL, high, &fill);
        fb_panel_points(&panel, N, x, y, low, high, 2.0, FB_BLACK, false);
        fb_panel_intervals(&panel, N, low, high, y, &line_style);
        fb_panel_vertical(&panel, x[0], &line_style);
        fb_panel_horizontal(&panel, y[0], &line_style);
        n_points += check_paths(svg);
    }
    ck_assert_int_gt(n_points, 100000);
}
END_TEST

START_TEST(lines_are_cut_at_the_frame)
{
    fb_svg *svg = picture();
    fb_panel panel = panel_of(svg);
    fb_panel_line(&panel, 2, (const double[]){-1.0, 2.0}, (const double[]){-1.0, 2.0}, &line_style);
    expect(svg, "d=\"M50 60L150 10\"");
    panel.svg = svg = picture();
    fb_panel_line(&panel, 5, (const double[]){0.0, 0.5, 0.5, 0.5, 1.0}, (const double[]){0.5, 0.5, 2.0, 0.5, 0.0},
                  &line_style);
    expect(svg, "d=\"M50 35H100V10M100 10V35L150 60\"");
    panel.svg = svg = picture();
    fb_panel_line(&panel, 5, (const double[]){0.0, 0.2, 0.4, 0.6, 0.8}, (const double[]){0.0, 0.0, NAN, 0.4, 0.4},
                  &line_style);
    expect(svg, "d=\"M50 60H70M110 40H130\"");
    /* Outside on one side only: no trace. */
    panel.svg = svg = picture();
    fb_panel_line(&panel, 2, (const double[]){0.1, 0.9}, (const double[]){1.5, 3.0}, &line_style);
    char *text = text_of(svg);
    ck_assert_ptr_eq(strstr(text, "<path"), NULL);
    free(text);
}
END_TEST

/* A bar whose point is above the frame is still there, cut; the point is not. */
START_TEST(error_bars_are_cut_and_points_skipped)
{
    fb_svg *svg = picture();
    fb_panel panel = panel_of(svg);
    const double x[] = {0.5, 0.25, NAN, 2.0}, y[] = {1.5, 0.5, 0.5, 0.5}, low[] = {0.8, 0.4, 0.4, 0.4},
                 high[] = {2.2, NAN, 0.6, 0.6};
    fb_panel_points(&panel, 4, x, y, low, high, 3.0, FB_BLACK, false);
    char *text = text_of(svg);
    ck_assert_ptr_nonnull(strstr(text, "d=\"M100 20V10\"/>"));
    const char *circle = strstr(text, "<circle");
    ck_assert_ptr_nonnull(circle);
    ck_assert_int_eq(strncmp(circle, "<circle cx=\"75\" cy=\"35\" r=\"3\"/>", 31), 0);
    ck_assert_ptr_eq(strstr(circle + 1, "<circle"), NULL);
    free(text);
}
END_TEST

START_TEST(intervals_are_one_element)
{
    fb_svg *svg = picture();
    fb_panel panel = panel_of(svg);
    const double low[] = {0.2, 0.9, -INFINITY, NAN, -1.0, 0.1}, high[] = {0.4, 0.6, 0.5, 0.5, 3.0, 0.2},
                 y[] = {0.0, 0.2, 0.4, 0.6, 0.8, 1.2};
    fb_panel_intervals(&panel, 6, low, high, y, &line_style);
    expect(svg, "d=\"M70 60H90M110 50H140M50 20H150\"");
}
END_TEST

START_TEST(areas_leave_gaps_for_what_is_unknown)
{
    fb_svg *svg = picture();
    fb_panel panel = panel_of(svg);
    const double edges[] = {0.0, 0.25, 0.5, 0.75, 1.0}, high[] = {0.5, 1.5, NAN, 0.2};
    fb_panel_fill(&panel, 4, edges, NULL, high, &(fb_svg_style){.fill = FB_BLUE});
    expect(svg, "d=\"M50 35H75V10H100V60H75H50ZM125 50H150V60H125Z\"");
    panel.svg = svg = picture();
    fb_panel_steps(&panel, 4, edges, high, &line_style);
    expect(svg, "d=\"M50 35H75M75 35V10M125 50H150\"");
}
END_TEST

START_TEST(frame_has_ticks_and_labels)
{
    fb_svg *svg = picture();
    fb_panel panel = panel_of(svg);
    panel.x.label = "abscissa";
    panel.y.label = "ordinate";
    fb_panel_frame(&panel);
    char *text = text_of(svg);
    ck_assert_ptr_nonnull(strstr(text, ">abscissa</text>"));
    ck_assert_ptr_nonnull(strstr(text, "rotate(-90)"));
    ck_assert_ptr_nonnull(strstr(text, ">1</text>"));
    free(text);
    panel.svg = svg = picture();
    panel.hides_x = true;
    fb_panel_frame(&panel);
    text = text_of(svg);
    ck_assert_ptr_eq(strstr(text, "abscissa"), NULL);
    ck_assert_ptr_nonnull(strstr(text, "ordinate"));
    free(text);
}
END_TEST

START_TEST(legend_wraps_and_titles_shrink)
{
    const fb_legend_entry entries[] = {{"one", {.stroke = FB_BLUE, .width = 1.0}, false},
                                       {"two <2>", {.fill = FB_BLUE}, false},
                                       {"three", {.stroke = FB_BLACK, .fill = FB_BLACK}, true}};
    ck_assert_double_eq(fb_legend(NULL, 0.0, 0.0, 1000.0, 3, entries), fb_legend(NULL, 0.0, 0.0, 1000.0, 1, entries));
    ck_assert_double_eq(fb_legend(NULL, 0.0, 0.0, 10.0, 3, entries),
                        3.0 * fb_legend(NULL, 0.0, 0.0, 1000.0, 1, entries));
    fb_svg *svg = picture();
    fb_legend(svg, 0.0, 0.0, 1000.0, 3, entries);
    fb_legend_title(svg, 0.0, 0.5 * fb_svg_text_width(FB_TITLE_SIZE, "a long title"), "a long title");
    char *text = text_of(svg);
    ck_assert_ptr_nonnull(strstr(text, "two &lt;2&gt;"));
    ck_assert_ptr_nonnull(strstr(text, "<circle"));
    ck_assert_ptr_nonnull(strstr(text, "font-size=\"7.5\">a long title"));
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notebooks_export/canvas");
    TCase *tests = tcase_create("canvas");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, picture_is_written);
    tcase_add_test(tests, paths_are_short);
    tcase_add_test(tests, not_finite_is_left_out);
    tcase_add_test(tests, text_is_escaped);
    tcase_add_test(tests, numbers_become_text);
    tcase_add_test(tests, ticks_are_round);
    tcase_add_test(tests, ticks_fit_any_axis);
    tcase_add_test(tests, ranges_become_axes);
    tcase_add_test(tests, nothing_leaves_the_frame);
    tcase_add_test(tests, lines_are_cut_at_the_frame);
    tcase_add_test(tests, error_bars_are_cut_and_points_skipped);
    tcase_add_test(tests, intervals_are_one_element);
    tcase_add_test(tests, areas_leave_gaps_for_what_is_unknown);
    tcase_add_test(tests, frame_has_ticks_and_labels);
    tcase_add_test(tests, legend_wraps_and_titles_shrink);
    return fb_run_suite(suite);
}
