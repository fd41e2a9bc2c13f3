#include "holdout/simulation/sim_decay_internal.h"

#include <stddef.h>

/* Density proportional to 1 + slope z on [-1, 1], |slope| <= 1: the sign of a uniform number is turned where the line
 * is low. */
static double draw_linear(fb_sim_random *random, double slope)
{
    double z = 2.0 * fb_sim_random_uniform(random) - 1.0;
    return 2.0 * fb_sim_random_uniform(random) < 1.0 + slope * z ? z : -z;
}

/* f(x) = 1/3 (1 - x) [(5 + 5x - 4x^2) + P (1 + x - 8x^2)] (Bullock, Hagiwara, Martin, Nucl. Phys. B395 (1993) 499):
 * 4/3 (1 - x^3) for P = -1 and 2 (1 - x)^2 (1 + 2x) for P = 1, both highest at x = 0; by rejection. */
double fb_sim_decay_tau_to_lepton(fb_sim_random *random, double handedness)
{
    double highest = 5.0 + handedness;
    for (;;) {
        double x = fb_sim_random_uniform(random);
        double f = (1.0 - x) * ((5.0 + 5.0 * x - 4.0 * x * x) + handedness * (1.0 + x - 8.0 * x * x));
        if (fb_sim_random_uniform(random) * highest < f) {
            return x;
        }
    }
}

/* A mass from a Breit-Wigner distribution, kept inside [low, high] by drawing again. */
static double draw_resonance(fb_sim_random *random, double mass, double width, double low, double high)
{
    for (;;) {
        double x = 0.0, y = 0.0;
        fb_sim_random_disc(random, &x, &y);
        double m = mass + 0.5 * width * y / x;
        if (m > low && m < high) {
            return m;
        }
    }
}

/* Two-body decay tau -> meson nu (same paper, section 2): with a = m^2 / m_tau^2 the decay angle is linear with the
 * analysing power (1 - 2a) / (1 + 2a), and x = (1 + a + (1 - a) cos theta) / 2. */
double fb_sim_decay_tau_to_hadrons(fb_sim_random *random, double handedness)
{
    double u = fb_sim_random_uniform(random);
    double mass = FB_SIM_PI_MASS;
    if (u > FB_SIM_PI_SHARE) {
        bool rho = u < FB_SIM_PI_SHARE + FB_SIM_RHO_SHARE;
        mass = rho ? draw_resonance(random, FB_SIM_RHO_MASS, FB_SIM_RHO_WIDTH, 0.3, 1.6)
                   : draw_resonance(random, FB_SIM_A1_MASS, FB_SIM_A1_WIDTH, 0.6, 1.7);
    }
    double a = mass * mass / (FB_SIM_TAU_MASS * FB_SIM_TAU_MASS);
    double power = (1.0 - 2.0 * a) / (1.0 + 2.0 * a);
    double z = draw_linear(random, power * handedness);
    return 0.5 * (1.0 + a + (1.0 - a) * z);
}

double fb_sim_decay_w_mass(fb_sim_random *random)
{
    return draw_resonance(random, FB_SIM_W_MASS, FB_SIM_W_WIDTH, 40.0, 140.0);
}

void fb_sim_decay_top(fb_sim_random *random, const fb_sim_vector *top, double w_mass, fb_sim_vector *b,
                      fb_sim_vector *w, fb_sim_vector *w_axis)
{
    double mass = FB_SIM_TOP_MASS;
    double momentum = 0.5 * (mass * mass - w_mass * w_mass) / mass;
    fb_sim_vector direction = fb_sim_kinematics_isotropic(random, 1.0);
    fb_sim_vector w_rest = {mass - momentum, momentum * direction.x, momentum * direction.y, momentum * direction.z};
    fb_sim_vector b_rest = {momentum, -w_rest.x, -w_rest.y, -w_rest.z};
    *b = fb_sim_kinematics_boost(b_rest, top, mass);
    *w = fb_sim_kinematics_boost(w_rest, top, mass);
    *w_axis = direction;
}

/* Cosine of the angle between the down-type fermion and the W line of flight in top decays: a mixture of 3/4 (1 - c^2)
 * (longitudinal) and 3/8 (1 - c)^2 (left-handed), Kane, Ladinsky, Yuan, Phys. Rev. D45 (1992) 124. */
static double draw_helicity_angle(fb_sim_random *random, double longitudinal)
{
    bool is_longitudinal = fb_sim_random_uniform(random) < longitudinal;
    if (!is_longitudinal) {
        return 1.0 - 2.0 * cbrt(fb_sim_random_uniform(random));
    }
    for (;;) {
        double c = 2.0 * fb_sim_random_uniform(random) - 1.0;
        if (fb_sim_random_uniform(random) < 1.0 - c * c) {
            return c;
        }
    }
}

/* A unit vector at the angle arccos(c) to `axis`, in a random azimuth. */
static fb_sim_vector around(fb_sim_random *random, const fb_sim_vector *axis, double c)
{
    double s = sqrt(1.0 - c * c);
    double a = 0.0, b = 0.0;
    fb_sim_random_azimuth(random, &a, &b);
    a *= s;
    b *= s;
    /* One vector across the axis: the cross product with the coordinate axis that is farther from it. */
    double ux = fabs(axis->z) < 0.8 ? -axis->y : 0.0;
    double uy = fabs(axis->z) < 0.8 ? axis->x : -axis->z;
    double uz = fabs(axis->z) < 0.8 ? 0.0 : axis->y;
    double norm = 1.0 / sqrt(ux * ux + uy * uy + uz * uz);
    ux *= norm;
    uy *= norm;
    uz *= norm;
    double vx = axis->y * uz - axis->z * uy;
    double vy = axis->z * ux - axis->x * uz;
    double vz = axis->x * uy - axis->y * ux;
    return (fb_sim_vector){1.0, c * axis->x + a * ux + b * vx, c * axis->y + a * uy + b * vy,
                           c * axis->z + a * uz + b * vz};
}

void fb_sim_decay_w(fb_sim_random *random, const fb_sim_vector *w, double w_mass, const fb_sim_vector *axis,
                    fb_sim_vector *first, fb_sim_vector *second)
{
    fb_sim_vector direction = axis == NULL ? fb_sim_kinematics_isotropic(random, 1.0)
                                           : around(random, axis, draw_helicity_angle(random, FB_SIM_LONGITUDINAL_TOP));
    double half = 0.5 * w_mass;
    fb_sim_vector p = {half, half * direction.x, half * direction.y, half * direction.z};
    fb_sim_vector q = {half, -p.x, -p.y, -p.z};
    *first = fb_sim_kinematics_boost(p, w, w_mass);
    *second = fb_sim_kinematics_boost(q, w, w_mass);
}

void fb_sim_decay_w_to_jets(fb_sim_random *random, const fb_sim_vector *w, double w_mass, const fb_sim_vector *axis,
                            fb_sim_event *event)
{
    fb_sim_vector q1, q2;
    fb_sim_decay_w(random, w, w_mass, axis, &q1, &q2);
    fb_sim_event_add_jet(event, fb_sim_kinematics_to_particle(&q1));
    fb_sim_event_add_jet(event, fb_sim_kinematics_to_particle(&q2));
}
