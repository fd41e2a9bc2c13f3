/* The detector: a fast simulation in the way of Delphes (de Favereau et al., JHEP 02 (2014) 057). Resolutions act on
 * energies, thresholds on the uncorrected momentum of a jet; the correction of the energy scale comes after them and
 * does not enter the missing momentum. */
#include "holdout/simulation/sim_detector_internal.h"

#include "holdout/events/events.h"

typedef struct seen_jet {
    double pt, eta, phi; // pt: uncorrected
} seen_jet;

static double square(double x)
{
    return x * x;
}

/* Distance in (eta, phi), squared. */
static double distance2(double eta1, double phi1, double eta2, double phi2)
{
    double dphi = fabs(phi1 - phi2);
    if (dphi > M_PI) {
        dphi = 2.0 * M_PI - dphi;
    }
    return square(eta1 - eta2) + dphi * dphi;
}

/* The resolution of a transverse momentum: sigma_E = stochastic sqrt(E) + constant E + noise in squares, at E = pT cosh
 * eta, divided by cosh eta. */
static double resolution(double pt, double eta, const fb_sim_resolution *of)
{
    double c = cosh(eta);
    return sqrt(square(of->stochastic) * pt / c + square(of->constant * pt) + square(of->noise / c));
}

static const fb_sim_resolution *find_part(double eta)
{
    eta = fabs(eta);
    if (eta < FB_SIM_ENDCAP_BEGIN) {
        return &fb_sim_settings_jet_central;
    }
    return eta < FB_SIM_FORWARD_BEGIN ? &fb_sim_settings_jet_endcap : &fb_sim_settings_jet_forward;
}

/* The share of a jet that is inside the calorimeter: half at its end. */
static double contain(double eta)
{
    double share = 0.5 + 0.5 * (FB_SIM_JET_ETA_MAX - fabs(eta)) / FB_SIM_JET_WIDTH;
    if (share < 0.0) {
        return 0.0;
    }
    return share > 1.0 ? 1.0 : share;
}

void fb_sim_detector_plan(fb_sim_plan *plan)
{
    /* Normal numbers of 32 bits are below 7. */
    plan->lepton_floor = FB_SIM_LEPTON_MIN / (1.0 + 7.0 * FB_SIM_LEPTON_RESOLUTION) - 0.001;
    /* The resolution is worst at eta = 0 and grows with the momentum. */
    plan->tau_sigma = resolution(FB_SIM_JET_MIN, 0.0, &fb_sim_settings_tau) / FB_SIM_TAU_RESPONSE;
}

void fb_sim_detector_prepare(fb_sim_random *random, const fb_sim_plan *plan, fb_sim_event *event)
{
    /* What is never seen is not drawn. */
    event->lepton_uniform = FB_SIM_LEPTON_EFFICIENCY_CENTRAL * fb_sim_random_uniform(random);
    event->lepton_pull = fb_sim_random_normal(random);
    event->tau_pull = fb_sim_random_normal(random);
    event->lepton_floor = FB_SIM_LEPTON_MIN / (1.0 + FB_SIM_LEPTON_RESOLUTION * event->lepton_pull) - 0.001;
    double floor = (FB_SIM_JET_MIN - FB_SIM_UNDERLYING) / FB_SIM_TAU_RESPONSE;
    if (event->tau_pull > 0.0) {
        floor -= plan->tau_sigma * event->tau_pull;
    }
    event->tau_floor = floor > 1.0 ? floor : 1.0;
}

bool fb_sim_detector_in_reach(const fb_sim_event *event)
{
    double eta = fabs(event->lepton.eta);
    return eta <= FB_SIM_LEPTON_ETA_MAX && fabs(event->tau.eta) <= FB_SIM_TAU_ETA_MAX &&
           (eta < FB_SIM_LEPTON_ETA_STEP || event->lepton_uniform <= FB_SIM_LEPTON_EFFICIENCY_FORWARD);
}

/* The correction that the experiment applies to the energy of every jet, taus included. */
static double correct_scale(double pt, double eta)
{
    return pt * sqrt(square(FB_SIM_SCALE_AT_ZERO - FB_SIM_SCALE_PER_ETA * fabs(eta)) / pt + 1.0);
}

/* Rounds as the data are stored. */
static float to_milli(double x)
{
    return rintf((float)x * 1000.0f) / 1000.0f;
}

static bool see_tau(fb_sim_random *random, const fb_sim_event *event, seen_jet *out)
{
    const fb_sim_particle *tau = &event->tau;
    double pt = fb_sim_kinematics_pt(tau);
    double sigma = resolution(pt, tau->eta, &fb_sim_settings_tau);
    out->pt = FB_SIM_TAU_RESPONSE * pt + FB_SIM_UNDERLYING + sigma * event->tau_pull;
    if (out->pt < FB_SIM_JET_MIN) {
        return false;
    }
    out->eta = tau->eta + FB_SIM_TAU_AXIS_SPREAD * fb_sim_random_normal(random);
    if (fabs(out->eta) > FB_SIM_TAU_AXIS_MAX) {
        return false;
    }
    out->phi = atan2(tau->py, tau->px);
    return true;
}

/* Measures the partons, joins those that one cone holds, and collects what is mismeasured in (*lost_x, *lost_y). Gives
 * -1 when a jet covers the lepton or the tau. */
static int see_jets(fb_sim_random *random, const fb_sim_event *event, const seen_jet *lepton, const seen_jet *tau,
                    seen_jet *out, double *lost_x, double *lost_y)
{
    double cone2 = square(FB_SIM_CONE);
    int n = 0;
    for (int k = 0; k < event->n_jets; k++) {
        const fb_sim_particle *parton = &event->jet[k];
        double response = FB_SIM_HADRONIC_RESPONSE * contain(parton->eta);
        *lost_x += (1.0 - response) * parton->px;
        *lost_y += (1.0 - response) * parton->py;
        if (response <= 0.0) {
            continue;
        }
        double phi = atan2(parton->py, parton->px);
        if (distance2(parton->eta, phi, lepton->eta, lepton->phi) < cone2 ||
            distance2(parton->eta, phi, tau->eta, tau->phi) < cone2) {
            return -1;
        }
        double pt = fb_sim_kinematics_pt(parton);
        double excess = resolution(pt, parton->eta, find_part(parton->eta)) * fb_sim_random_normal(random);
        if (response * pt + excess < 0.0) {
            excess = -response * pt;
        }
        *lost_x -= excess * parton->px / pt;
        *lost_y -= excess * parton->py / pt;
        double seen = response * pt + excess;
        double eta = parton->eta;
        int to = 0;
        while (to < n && distance2(eta, phi, out[to].eta, out[to].phi) > cone2) {
            to++;
        }
        if (to == n) {
            out[n++] = (seen_jet){seen, eta, phi};
        } else {
            /* The harder of the two keeps its direction. */
            if (seen > out[to].pt) {
                out[to].eta = eta;
                out[to].phi = phi;
            }
            out[to].pt += seen;
        }
    }
    return n;
}

/* Keeps the jets above the threshold, corrects them, and orders them by falling momentum. */
static int select_jets(seen_jet *jets, int n)
{
    int kept = 0;
    for (int k = 0; k < n; k++) {
        seen_jet jet = jets[k];
        jet.pt += FB_SIM_UNDERLYING;
        if (jet.pt < FB_SIM_JET_MIN || fabs(jet.eta) > FB_SIM_JET_ETA_MAX) {
            continue;
        }
        jet.pt = correct_scale(jet.pt, jet.eta);
        int to = kept++;
        for (; to > 0 && jets[to - 1].pt < jet.pt; to--) {
            jets[to] = jets[to - 1];
        }
        jets[to] = jet;
    }
    return kept;
}

static void write_jets(const seen_jet *jets, int n, float *row)
{
    static const int first[2] = {FB_JET1_PT, FB_JET2_PT};
    for (int k = 0; k < 2; k++) {
        row[first[k]] = k < n ? to_milli(jets[k].pt) : FB_MISSING;
        row[first[k] + 1] = k < n ? to_milli(jets[k].eta) : FB_MISSING;
        row[first[k] + 2] = k < n ? to_milli(jets[k].phi) : FB_MISSING;
    }
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        sum += jets[k].pt;
    }
    row[FB_N_JETS] = (float)n;
    row[FB_JET_ALL_PT] = to_milli(sum);
}

bool fb_sim_detector_measure(fb_sim_random *random, const fb_sim_event *event, float *row)
{
    double lepton_scale = 1.0 + FB_SIM_LEPTON_RESOLUTION * event->lepton_pull;
    double lepton_pt = lepton_scale * fb_sim_kinematics_pt(&event->lepton);
    seen_jet tau;
    if (!fb_sim_detector_in_reach(event) || to_milli(lepton_pt) < (float)FB_SIM_LEPTON_MIN ||
        !see_tau(random, event, &tau)) {
        return false;
    }
    seen_jet lepton = {lepton_pt, event->lepton.eta, atan2(event->lepton.py, event->lepton.px)};
    if (distance2(lepton.eta, lepton.phi, tau.eta, tau.phi) < square(FB_SIM_ISOLATION_DISTANCE)) {
        return false;
    }
    double mx = event->invisible_x + (1.0 - FB_SIM_SOFT_RESPONSE) * event->soft_x;
    double my = event->invisible_y + (1.0 - FB_SIM_SOFT_RESPONSE) * event->soft_y;
    seen_jet jets[FB_SIM_MAX_JETS];
    int n = see_jets(random, event, &lepton, &tau, jets, &mx, &my);
    if (n < 0) {
        return false;
    }
    n = select_jets(jets, n);
    double tau_excess = (tau.pt - FB_SIM_UNDERLYING) / fb_sim_kinematics_pt(&event->tau) - 1.0;
    double noise = sqrt(square(FB_SIM_MET_NOISE) + square(FB_SIM_MET_STOCHASTIC) * event->soft_et);
    mx += noise * fb_sim_random_normal(random) - tau_excess * event->tau.px - (lepton_scale - 1.0) * event->lepton.px;
    my += noise * fb_sim_random_normal(random) - tau_excess * event->tau.py - (lepton_scale - 1.0) * event->lepton.py;

    row[FB_LEP_PT] = to_milli(lepton.pt);
    row[FB_LEP_ETA] = to_milli(lepton.eta);
    row[FB_LEP_PHI] = to_milli(lepton.phi);
    row[FB_HAD_PT] = to_milli(correct_scale(tau.pt, tau.eta));
    row[FB_HAD_ETA] = to_milli(tau.eta);
    row[FB_HAD_PHI] = to_milli(tau.phi);
    write_jets(jets, n, row);
    row[FB_MET] = to_milli(sqrt(mx * mx + my * my));
    row[FB_MET_PHI] = to_milli(atan2(my, mx));
    return true;
}
