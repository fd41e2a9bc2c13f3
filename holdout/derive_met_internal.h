/* The derived features that contain the MET, for one precision REAL. Included twice by derive.c: no include guard. */

/* Sine of a difference of azimuths, both in float32 when neither is the MET's. */
static REAL REAL_NAME(sine_of)(REAL angle)
{
    REAL sine, cosine;
    REAL_SINCOS(angle, &sine, &cosine);
    (void)cosine;
    return sine;
}

/* Where the MET lies between lepton and tau in the transverse plane: +-sqrt(2) when along one of them. */
static REAL REAL_NAME(met_phi_centrality)(float lep_phi, float had_phi, REAL met_phi)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        float orientation = sign(fb_f32_sin(had_phi - lep_phi));
        REAL a = REAL_NAME(sine_of)(met_phi - lep_phi) * orientation;
        REAL b = REAL_NAME(sine_of)(had_phi - met_phi) * orientation;
        REAL length = REAL_SQRT(a * a + b * b);
        if (length != 0) {
            return (a + b) / length;
        }
        lep_phi += 1e-4f;
    }
    return FB_MISSING;
}

static void REAL_NAME(derive_met)(const final_state *s, REAL met, REAL met_phi, float *const *out, size_t i)
{
    REAL sine, cosine;
    REAL_SINCOS(met_phi, &sine, &cosine);
    REAL mx = met * cosine;
    REAL my = met * sine;

    REAL energy = met + s->lep_pt;
    REAL x = mx + s->lep.x;
    REAL y = my + s->lep.y;
    REAL squared = energy * energy - x * x - y * y;
    out[FB_DER_MT - FB_N_PRIMARY][i] = (float)REAL_SQRT(squared > 0 ? squared : 0);

    x = s->x + mx;
    y = s->y + my;
    out[FB_DER_PT_H - FB_N_PRIMARY][i] = (float)REAL_SQRT(x * x + y * y);
    x = x + s->jet1.x + s->jet2.x;
    y = y + s->jet1.y + s->jet2.y;
    out[FB_DER_PT_TOT - FB_N_PRIMARY][i] = (float)REAL_SQRT(x * x + y * y);
    out[FB_DER_MET_PHI_CENTRALITY - FB_N_PRIMARY][i] =
        (float)REAL_NAME(met_phi_centrality)(s->lep_phi, s->had_phi, met_phi);
}
