/* The BLAS of a dense net: one thread per call, because the calls themselves run in parallel. */
#ifndef FB_MODELS_DENSE_DENSE_BLAS_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_BLAS_INTERNAL_H

/* Makes OpenBLAS compute every call in the thread that makes it. May be called any number of times, from any thread.
 * Another BLAS is left as it is. */
void fb_dense_blas_prepare(void);

/* The name of OpenBLAS's kernels on this processor ("Haswell", "SkylakeX"), or "unknown" of another BLAS: kernels round
 * differently, so the name belongs to the result of a training. */
const char *fb_dense_blas_kernel(void);

#endif
