#include "holdout/simulation/sim_radiation_internal.h"

static void add_emission(fb_sim_emissions *list, double pt)
{
    list->pt[list->n++] = pt;
    list->sum += pt;
}

/* An emission of momentum pT1 is a colour charge of its own, with growth (L + L^2) emissions above pT, L = ln(pT1 /
 * pT): the square, a double logarithm, counts the soft and collinear gluons, the line the hard ones at wide angles. */
static void emit_again(fb_sim_random *random, const fb_sim_plan *plan, int parent, fb_sim_emissions *out)
{
    const fb_sim_radiation *radiation = plan->radiation;
    double longest = log(out->pt[parent] / 20.0) - plan->lowest_log;
    double most = radiation->growth * (longest + longest * longest);
    for (double count = -log(fb_sim_random_uniform(random)); count < most && out->n < FB_SIM_MAX_EMISSIONS;
         count -= log(fb_sim_random_uniform(random))) {
        double steps = 0.5 * (sqrt(1.0 + 4.0 * count / radiation->growth) - 1.0);
        add_emission(out, out->pt[parent] * exp(-steps));
    }
}

/* Emissions ordered in pT are a Poisson process in the mean number of harder ones, so each follows the one before at an
 * exponential step, and pT is where fb_sim_radiation's count reaches the sum of the steps. */
void fb_sim_radiation_draw(fb_sim_random *random, const fb_sim_plan *plan, double first, fb_sim_emissions *out)
{
    const fb_sim_radiation *radiation = plan->radiation;
    double b = radiation->curvature;
    /* A length of the sum of many soft ones: Rayleigh, cut off. */
    static const double lowest = 3.3546262790251185e-4; /* exp(-FB_SIM_SOFT_LIMIT^2 / 2) */
    out->soft = radiation->soft_kt * sqrt(-2.0 * log(lowest + (1.0 - lowest) * fb_sim_random_uniform(random)));
    out->n = 0;
    out->sum = 0.0;
    if (first <= plan->quiet) {
        return;
    }
    for (double count = -log(first); out->n < FB_SIM_MAX_EMISSIONS; count -= log(fb_sim_random_uniform(random))) {
        /* count = n20 exp(-(slope t + b t^2)), solved for t = ln(pT / 20 GeV) */
        double root = radiation->slope * radiation->slope - 4.0 * b * log(count / radiation->n20);
        double t = root > 0.0 ? 0.5 * (sqrt(root) - radiation->slope) / b : plan->lowest_log - 1.0;
        if (t < plan->lowest_log) {
            break;
        }
        add_emission(out, 20.0 * exp(t));
    }
    int n_first = out->n;
    for (int k = 0; k < n_first && out->pt[k] > 20.0; k++) {
        emit_again(random, plan, k, out);
    }
}

/* Gives the emissions azimuths and adds up their momentum, with that of the soft ones. */
void fb_sim_radiation_aim(fb_sim_random *random, fb_sim_emissions *list, double *px, double *py)
{
    double cosine = 0.0, sine = 0.0;
    fb_sim_random_azimuth(random, &cosine, &sine);
    list->soft_x = list->soft * cosine;
    list->soft_y = list->soft * sine;
    double sum_x = list->soft_x;
    double sum_y = list->soft_y;
    for (int k = 0; k < list->n; k++) {
        fb_sim_random_azimuth(random, &cosine, &sine);
        list->px[k] = list->pt[k] * cosine;
        list->py[k] = list->pt[k] * sine;
        sum_x += list->px[k];
        sum_y += list->py[k];
    }
    *px = sum_x;
    *py = sum_y;
}

/* The shares of the protons' momenta that are left for others. */
static double left_over(double plus, double minus)
{
    double left1 = 1.0 - plus / FB_SIM_COLLISION_ENERGY;
    double left2 = 1.0 - minus / FB_SIM_COLLISION_ENERGY;
    return left1 > 0.0 && left2 > 0.0 ? left1 * left2 : 0.0;
}

bool fb_sim_radiation_have_partons(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event)
{
    double left = left_over(event->plus, event->minus);
    if (left <= 0.0 || !fb_sim_random_pass_power(random, left / event->left, plan->radiation->parton_power)) {
        return false;
    }
    event->left = left;
    return true;
}

/* The rapidity of an emission: normal, times the ratio of the parton densities after and before it (backward evolution:
 * Sjostrand, Phys. Lett. B157 (1985) 321), which keeps hard jets out of the forward direction. False when the protons
 * have no partons left for it: too much was made already. */
static bool draw_rapidity(fb_sim_random *random, const fb_sim_radiation *radiation, double centre, double width,
                          double pt, fb_sim_event *event, double *out)
{
    for (int k = 0; k < 20; k++) {
        double rapidity = centre + width * fb_sim_random_normal(random);
        double factor = exp(rapidity);
        double plus = event->plus + pt * factor;
        double minus = event->minus + pt / factor;
        double after = left_over(plus, minus);
        if (after > 0.0 && fb_sim_random_pass_power(random, after / event->left, radiation->parton_power)) {
            event->plus = plus;
            event->minus = minus;
            event->left = after;
            *out = rapidity;
            return true;
        }
    }
    return false;
}

/* Other partons of the same protons scatter: pairs of jets back to back, independent of the boson. */
static bool scatter_others(fb_sim_random *random, const fb_sim_radiation *radiation, fb_sim_event *event)
{
    double count = -log(fb_sim_random_uniform(random));
    for (; count < FB_SIM_SCATTERING_RATE; count -= log(fb_sim_random_uniform(random))) {
        double pt = FB_SIM_RADIATION_CUTOFF * pow(FB_SIM_SCATTERING_RATE / count, 1.0 / FB_SIM_SCATTERING_POWER);
        fb_sim_particle one = fb_sim_kinematics_at_random_azimuth(random, pt, 0.0);
        fb_sim_particle two = {-one.px, -one.py, 0.0};
        if (!draw_rapidity(random, radiation, 0.0, FB_SIM_SCATTERING_WIDTH, pt, event, &one.eta) ||
            !draw_rapidity(random, radiation, 0.0, FB_SIM_SCATTERING_WIDTH, pt, event, &two.eta)) {
            return false;
        }
        fb_sim_event_add_jet(event, one);
        fb_sim_event_add_jet(event, two);
    }
    return true;
}

bool fb_sim_radiation_apply(fb_sim_random *random, const fb_sim_plan *plan, const fb_sim_emissions *list,
                            double rapidity, fb_sim_event *event)
{
    const fb_sim_radiation *radiation = plan->radiation;
    double centre = radiation->eta_pull * rapidity;
    for (int k = 0; k < list->n; k++) {
        fb_sim_particle jet = {list->px[k], list->py[k], 0.0};
        if (!draw_rapidity(random, radiation, centre, radiation->eta_width, list->pt[k], event, &jet.eta)) {
            return false;
        }
        fb_sim_event_add_jet(event, jet);
    }
    event->soft_x = list->soft_x;
    event->soft_y = list->soft_y;
    event->soft_et += list->sum;
    return scatter_others(random, radiation, event);
}
