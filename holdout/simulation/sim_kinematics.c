#include "holdout/simulation/sim_kinematics.inc"

fb_sim_vector fb_sim_kinematics_isotropic(fb_sim_random *random, double length)
{
    double z = 2.0 * fb_sim_random_uniform(random) - 1.0;
    double s = length * sqrt(1.0 - z * z);
    double cosine = 0.0, sine = 0.0;
    fb_sim_random_azimuth(random, &cosine, &sine);
    return (fb_sim_vector){.e = length, .x = s * cosine, .y = s * sine, .z = length * z};
}

fb_sim_vector fb_sim_kinematics_boost(fb_sim_vector p, const fb_sim_vector *parent, double mass)
{
    double e = (p.e * parent->e + p.x * parent->x + p.y * parent->y + p.z * parent->z) / mass;
    double factor = (p.e + e) / (parent->e + mass);
    return (fb_sim_vector){e, p.x + factor * parent->x, p.y + factor * parent->y, p.z + factor * parent->z};
}
