/* The derived features that contain the MET, for one precision REAL. Included twice by derive.c: no include guard. */

/* Where the MET lies between lepton and tau in the transverse plane: +-sqrt(2) when along one of them. Where there is
 * no side, the official program turns the lepton a little. */
static REAL REAL_NAME(met_phi_centrality)(float lep_phi, float had_phi, REAL met_phi)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        float lep_to_had, unused_f32;
        REAL lep_to_met, met_to_had, unused;
        fb_f32_sincos(had_phi - lep_phi, &lep_to_had, &unused_f32);
        REAL_NAME(fb_sincos)(met_phi - lep_phi, &lep_to_met, &unused);
        REAL_NAME(fb_sincos)(had_phi - met_phi, &met_to_had, &unused);
        const REAL a = lep_to_met * sign(lep_to_had), b = met_to_had * sign(lep_to_had);
        const REAL length = REAL_SQRT(a * a + b * b);
        if (length != 0) {
            return (a + b) / length;
        }
        lep_phi += 1e-4f;
    }
    return FB_MISSING;
}

static void REAL_NAME(derive_centrality)(const final_state *s, const REAL *met_phi)
{
    const float *lep_phi = s->in[FB_LEP_PHI], *had_phi = s->in[FB_HAD_PHI];
    float *centrality = s->out[FB_DER_MET_PHI_CENTRALITY - FB_N_PRIMARY];
    float angle_f32[CHUNK], lep_to_had[CHUNK], unused_f32[CHUNK];
    REAL angle[CHUNK], lep_to_met[CHUNK], met_to_had[CHUNK], unused[CHUNK];
    for (size_t i = 0; i < s->n; i++) {
        angle_f32[i] = had_phi[i] - lep_phi[i];
    }
    s->f->sincos_f32(s->n, angle_f32, lep_to_had, unused_f32);
    for (size_t i = 0; i < s->n; i++) {
        angle[i] = met_phi[i] - lep_phi[i];
    }
    s->f->REAL_NAME(sincos)(s->n, angle, lep_to_met, unused);
    for (size_t i = 0; i < s->n; i++) {
        angle[i] = had_phi[i] - met_phi[i];
    }
    s->f->REAL_NAME(sincos)(s->n, angle, met_to_had, unused);
    for (size_t i = 0; i < s->n; i++) {
        const REAL a = lep_to_met[i] * sign(lep_to_had[i]), b = met_to_had[i] * sign(lep_to_had[i]);
        centrality[i] = (float)((a + b) / REAL_SQRT(a * a + b * b));
    }
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(centrality[i])) {
            centrality[i] = (float)REAL_NAME(met_phi_centrality)(lep_phi[i], had_phi[i], met_phi[i]);
        }
    }
}

static void REAL_NAME(derive_met)(const final_state *s, const REAL *met, const REAL *met_phi)
{
    float *mt = s->out[FB_DER_MT - FB_N_PRIMARY];
    float *pt_h = s->out[FB_DER_PT_H - FB_N_PRIMARY], *pt_tot = s->out[FB_DER_PT_TOT - FB_N_PRIMARY];
    REAL sine[CHUNK], cosine[CHUNK];
    s->f->REAL_NAME(sincos)(s->n, met_phi, sine, cosine);
    for (size_t i = 0; i < s->n; i++) {
        const REAL mx = met[i] * cosine[i], my = met[i] * sine[i];
        const REAL energy = met[i] + s->in[FB_LEP_PT][i], lx = mx + s->lep.x[i], ly = my + s->lep.y[i];
        const REAL squared = energy * energy - lx * lx - ly * ly;
        mt[i] = (float)REAL_SQRT(squared > 0 ? squared : 0);
        const REAL hx = s->vis.x[i] + mx, hy = s->vis.y[i] + my;
        pt_h[i] = (float)REAL_SQRT(hx * hx + hy * hy);
        const REAL x = hx + s->jet1.x[i] + s->jet2.x[i], y = hy + s->jet1.y[i] + s->jet2.y[i];
        pt_tot[i] = (float)REAL_SQRT(x * x + y * y);
    }
    REAL_NAME(derive_centrality)(s, met_phi);
}
