/** \file gsl.h
 * One rule for all users of the GNU Scientific Library: its errors come back as return codes.
 */
#ifndef FB_MODELS_COMMON_GSL_H
#define FB_MODELS_COMMON_GSL_H

/** Switches GSL's error handler, which ends the program, off for the process. Calls after the first have no effect;
 *  any thread may call it at any time. Call it before the first GSL function that can fail. */
void fb_gsl_quiet(void);

#endif
