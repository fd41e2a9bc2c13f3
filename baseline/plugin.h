/** \file plugin.h
 * The interface of a method in a shared library, for
 *
 *     fair-baseline evaluate --method ./mine.so EVENTS -o DIR
 *
 * This header needs nothing else of the project, and a plug-in links with nothing of it:
 *
 *     cc -O2 -shared -fPIC mine.c $(pkg-config --cflags fair-baseline) -o mine.so
 *
 * The library exports one function, fb_plugin_get. The program loads it in a process of its own and calls, on one
 * thread, create and fit once, predict for one pseudo-experiment after the other, and destroy. What the plug-in writes
 * to standard output or error appears on standard error. A failure that predict reports and a result that is not finite
 * are failures of that experiment. So are a crash and a time limit that is exceeded (--time-limit, --fit-time-limit);
 * the next experiment then finds a new process, in which create and fit were called again. PLUGINS.md explains it with
 * an example.
 */
#ifndef FB_BASELINE_PLUGIN_H
#define FB_BASELINE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes with every change of this file that an older plug-in would not survive. */
#define FB_PLUGIN_VERSION 1

enum {
    FB_PLUGIN_REASON_SIZE = 128 ///< of a text that says why something failed, with the 0 at its end
};

/** The columns of a row of features, in official order. Momenta and masses in GeV, angles in radian; a value that is
 * not defined (of a jet that is not there) is exactly -25. */
enum fb_plugin_feature {
    FB_PLUGIN_PRI_LEP_PT,
    FB_PLUGIN_PRI_LEP_ETA,
    FB_PLUGIN_PRI_LEP_PHI,
    FB_PLUGIN_PRI_HAD_PT,
    FB_PLUGIN_PRI_HAD_ETA,
    FB_PLUGIN_PRI_HAD_PHI,
    FB_PLUGIN_PRI_JET_LEADING_PT,
    FB_PLUGIN_PRI_JET_LEADING_ETA,
    FB_PLUGIN_PRI_JET_LEADING_PHI,
    FB_PLUGIN_PRI_JET_SUBLEADING_PT,
    FB_PLUGIN_PRI_JET_SUBLEADING_ETA,
    FB_PLUGIN_PRI_JET_SUBLEADING_PHI,
    FB_PLUGIN_PRI_N_JETS,
    FB_PLUGIN_PRI_JET_ALL_PT,
    FB_PLUGIN_PRI_MET,
    FB_PLUGIN_PRI_MET_PHI,
    FB_PLUGIN_DER_MASS_TRANSVERSE_MET_LEP,
    FB_PLUGIN_DER_MASS_VIS,
    FB_PLUGIN_DER_PT_H,
    FB_PLUGIN_DER_DELTAETA_JET_JET,
    FB_PLUGIN_DER_MASS_JET_JET,
    FB_PLUGIN_DER_PRODETA_JET_JET,
    FB_PLUGIN_DER_DELTAR_HAD_LEP,
    FB_PLUGIN_DER_PT_TOT,
    FB_PLUGIN_DER_SUM_PT,
    FB_PLUGIN_DER_PT_RATIO_LEP_HAD,
    FB_PLUGIN_DER_MET_PHI_CENTRALITY,
    FB_PLUGIN_DER_LEP_ETA_CENTRALITY,
    FB_PLUGIN_N_FEATURES ///< 28
};

/** The processes. */
enum fb_plugin_process {
    FB_PLUGIN_HTAUTAU, ///< the signal: label 1, the others 0
    FB_PLUGIN_ZTAUTAU,
    FB_PLUGIN_TTBAR,
    FB_PLUGIN_DIBOSON,
    FB_PLUGIN_N_PROCESSES
};

/** The parts of the events that a method may learn from. The fourth part, the pool, is what pseudo-experiments are
 * drawn from, and is not given out. */
typedef enum fb_plugin_part {
    FB_PLUGIN_TRAIN,      ///< for a classifier
    FB_PLUGIN_VALIDATION, ///< for stopping its training
    FB_PLUGIN_HOLDOUT     ///< for templates
} fb_plugin_part;

/** The nuisance parameters; nominal values and allowed ranges (the ends included) in brackets. */
typedef struct fb_plugin_nuisances {
    double tes;           ///< tau energy scale, a factor [1; 0.9 to 1.1]
    double jes;           ///< jet energy scale, a factor [1; 0.9 to 1.1]
    double soft_met;      ///< width of the extra noise of each component of the missing momentum, GeV [0; 0 to 5]
    double ttbar_scale;   ///< factor on the ttbar weights [1; 0.8 to 1.2]
    double diboson_scale; ///< factor on the diboson weights [1; 0 to 2]
    double bkg_scale;     ///< factor on the weights of all three backgrounds [1; 0.99 to 1.01]
} fb_plugin_nuisances;

/** All nominal. */
#define FB_PLUGIN_NOMINAL                                                                                              \
    {                                                                                                                  \
        1.0, 1.0, 0.0, 1.0, 1.0, 1.0                                                                                   \
    }

/** Some events for learning, after the final selection. */
typedef struct fb_plugin_rows {
    size_t n;                     ///< at most 4096; may be 0
    const float *features;        ///< [n][FB_PLUGIN_N_FEATURES], column fastest
    const float *weight;          ///< [n] events expected at 10 fb^-1 and mu = 1; each part alone has all of them
    const unsigned char *process; ///< [n] fb_plugin_process
} fb_plugin_rows;

/** Gets the rows block by block, always in the same order, on the thread that asked for them.
 *  \param context  what the plug-in gave along with the function
 *  \param rows     valid until the function returns
 *  \param reason   [FB_PLUGIN_REASON_SIZE] may be filled before a failure
 *  \return 0 to go on; anything else ends the reading, and is what the reading function returns */
typedef int fb_plugin_visit(void *context, const fb_plugin_rows *rows, char *reason);

/** Access to the events. Belongs to the program, and is valid until destroy returns. */
typedef struct fb_plugin_data {
    void *self; ///< the program's own; to be left alone

    /** Reads all events of a part at nominal nuisance parameters.
     *  \param data     this
     *  \param part     which part
     *  \param visit    is given the rows
     *  \param context  handed through to `visit`
     *  \param reason   [FB_PLUGIN_REASON_SIZE] filled on failure; `reason` of the calling function will do
     *  \return 0; what `visit` returned if that was not 0; -1 when the events cannot be read */
    int (*read)(const struct fb_plugin_data *data, fb_plugin_part part, fb_plugin_visit *visit, void *context,
                char *reason);

    /** The systematics function: reads the same events as they are at other nuisance parameters: distorted, selected
     * (so other rows may be missing), with new derived features and other weights.
     *  \param nuisances  within their ranges
     *  \param seed       of the soft-MET noise: the same seed gives every event the same noise, scaled by soft_met; not
     *                    looked at when soft_met is 0
     *  The other arguments and what is returned are as with `read`; -1 also for a value that is not allowed. */
    int (*systematics)(const struct fb_plugin_data *data, fb_plugin_part part, const fb_plugin_nuisances *nuisances,
                       uint64_t seed, fb_plugin_visit *visit, void *context, char *reason);
} fb_plugin_data;

/** One pseudo-experiment: events as a detector would give them, without process, in random order. */
typedef struct fb_plugin_experiment {
    size_t n;              ///< about a million for the challenge's 10 fb^-1
    const float *features; ///< [n][FB_PLUGIN_N_FEATURES], column fastest; read-only memory, valid until predict returns
    const float *weight;   ///< [n] all of them 1; likewise
} fb_plugin_experiment;

/** What a method answers. Every number must be finite. */
typedef struct fb_plugin_result {
    double mu_hat;       ///< best estimate of the signal strength
    double delta_mu_hat; ///< its error
    double p16;          ///< lower end of the 68.27 % interval
    double p84;          ///< upper end
} fb_plugin_result;

/** A method. The functions that return an int return 0 for success; before another value they may write a text of at
 * most FB_PLUGIN_REASON_SIZE bytes, the 0 at its end included, to `reason`. None of the pointers may be NULL. */
typedef struct fb_plugin {
    int version;      ///< FB_PLUGIN_VERSION
    const char *name; ///< of the method, for tables: 1 to 40 printable ASCII characters

    /** Makes the method's state, and remembers `data` if fit or predict need it.
     *  \param data    access to the events; borrowed
     *  \param method  out: the state, owned by the plug-in until destroy; NULL is allowed */
    int (*create)(const fb_plugin_data *data, void **method, char *reason);

    /** Learns. --fit-time-limit is for create and fit together. */
    int (*fit)(void *method, char *reason);

    /** Measures one pseudo-experiment, within --time-limit. What it answers must depend on nothing but what was learnt
     * and the experiment: the order of experiments, and which of them this process gets, may change.
     *  \param experiment  borrowed
     *  \param result      out; filled with NaN before the call */
    int (*predict)(void *method, const fb_plugin_experiment *experiment, fb_plugin_result *result, char *reason);

    /** Releases the state. Is called if create succeeded, whatever fit returned; not after a crash or a time limit. */
    void (*destroy)(void *method);
} fb_plugin;

#if defined(__GNUC__)
#define FB_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define FB_PLUGIN_EXPORT
#endif

/** The one function that the shared library defines. What it returns must stay valid; NULL is an error. */
FB_PLUGIN_EXPORT const fb_plugin *fb_plugin_get(void);

#ifdef __cplusplus
}
#endif

#endif
