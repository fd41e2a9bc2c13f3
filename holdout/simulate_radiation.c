/* Radiation off the incoming partons: the jets that a boson or a pair recoils against. */
#include "holdout/simulate_internal.h"

/* Emissions ordered in pT are a Poisson process in the mean number of harder ones, so each follows the one before at an
 * exponential step, and pT is where fb_sim_radiation's count reaches the sum of the steps. A hard emission is a new
 * source of colour, which shortens the steps after it. */
void fb_sim_draw_emissions(fb_random *random, const fb_sim_settings *settings, const fb_sim_radiation *radiation,
                           fb_sim_emissions *out)
{
    double lowest = log(settings->radiation_cutoff / 20.0);
    double count = 0.0;
    double sources = 1.0;
    double b = radiation->curvature;
    out->n = 0;
    out->sum = 0.0;
    while (out->n < FB_SIM_MAX_EMISSIONS) {
        count -= log(fb_sim_uniform(random)) / sources;
        /* count = n20 exp(-(slope t + b t^2)), solved for t = ln(pT / 20 GeV) */
        double root = radiation->slope * radiation->slope - 4.0 * b * log(count / radiation->n20);
        if (root <= 0.0) {
            break;
        }
        double t = 0.5 * (sqrt(root) - radiation->slope) / b;
        if (t < lowest) {
            break;
        }
        double pt = 20.0 * exp(t);
        out->pt[out->n++] = pt;
        out->sum += pt;
        if (t > 0.0) {
            sources += radiation->growth * (1.0 + t);
        }
    }
}

/* Parts a hard emission into two jets that share its momentum, at a distance beyond the jet cone. */
static void split(fb_random *random, const fb_sim_settings *settings, const fb_sim_particle *parent, double pt,
                  fb_sim_truth *truth)
{
    double z = 0.1 + 0.8 * fb_sim_uniform(random);
    double distance = settings->cone - settings->splitting_distance * log(fb_sim_uniform(random));
    double phi = atan2(parent->py, parent->px);
    double dphi = 0.0, deta = 0.0;
    fb_sim_azimuth(random, &dphi, &deta);
    dphi *= distance;
    deta *= distance;
    double phi1 = phi + (1.0 - z) * dphi;
    double phi2 = phi - z * dphi;
    fb_sim_add_jet(truth, (fb_sim_particle){z * pt * cos(phi1), z * pt * sin(phi1), parent->eta + (1.0 - z) * deta});
    fb_sim_add_jet(truth,
                   (fb_sim_particle){(1.0 - z) * pt * cos(phi2), (1.0 - z) * pt * sin(phi2), parent->eta - z * deta});
}

/* Gives the emissions azimuths and adds up their momentum, with that of the soft ones. */
void fb_sim_aim(fb_random *random, const fb_sim_radiation *radiation, fb_sim_emissions *list, double *px, double *py)
{
    double sum_x = radiation->soft_kt * fb_sim_normal(random);
    double sum_y = radiation->soft_kt * fb_sim_normal(random);
    for (int k = 0; k < list->n; k++) {
        double cosine = 0.0, sine = 0.0;
        fb_sim_azimuth(random, &cosine, &sine);
        list->px[k] = list->pt[k] * cosine;
        list->py[k] = list->pt[k] * sine;
        sum_x += list->px[k];
        sum_y += list->py[k];
    }
    *px = sum_x;
    *py = sum_y;
}

/* Makes jets of the emissions. */
void fb_sim_radiate(fb_random *random, const fb_sim_settings *settings, const fb_sim_radiation *radiation,
                    const fb_sim_emissions *list, double rapidity, fb_sim_truth *truth)
{
    for (int k = 0; k < list->n; k++) {
        double pt = list->pt[k];
        double width = radiation->eta_width / (1.0 + pt / settings->central_pt);
        double eta = radiation->eta_pull * rapidity + width * fb_sim_normal(random);
        fb_sim_particle parton = {list->px[k], list->py[k], eta};
        if (pt > 20.0 && fb_sim_uniform(random) < settings->splitting * log(pt / 20.0)) {
            split(random, settings, &parton, pt, truth);
        } else {
            fb_sim_add_jet(truth, parton);
        }
    }
    truth->soft_et += list->sum;
}
