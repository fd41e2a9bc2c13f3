/* The bit-sliced kernel; compiled for each set of instructions. */
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "models/bdt/forest_internal.h"

enum { WORDS = FB_FOREST_ROWS / 64 };

/* Short loops whose steps are single instructions. */
#define FB_UNROLL _Pragma("GCC unroll 16")

/* --- cuts: a bit for each of 64 rows, 1 if not below the cut ------------------------------------------------------ */

#if defined(__AVX512BW__)
static inline uint64_t not_below(const float *x, float cut, bool nan_left)
{
    const __m512 c = _mm512_set1_ps(cut);
    uint64_t bits = 0;
    FB_UNROLL
    for (int k = 0; k < 4; k++) {
        __m512 v = _mm512_load_ps(x + 16 * k);
        uint64_t some = nan_left ? _mm512_cmp_ps_mask(v, c, _CMP_GE_OQ) : _mm512_cmp_ps_mask(v, c, _CMP_NLT_UQ);
        bits |= some << (16 * k);
    }
    return bits;
}
#elif defined(__AVX2__)
static inline uint64_t not_below(const float *x, float cut, bool nan_left)
{
    const __m256 c = _mm256_set1_ps(cut);
    uint64_t bits = 0;
    FB_UNROLL
    for (int k = 0; k < 8; k++) {
        __m256 v = _mm256_load_ps(x + 8 * k);
        __m256 some = nan_left ? _mm256_cmp_ps(v, c, _CMP_GE_OQ) : _mm256_cmp_ps(v, c, _CMP_NLT_UQ);
        bits |= (uint64_t)(unsigned)_mm256_movemask_ps(some) << (8 * k);
    }
    return bits;
}
#elif defined(__x86_64__)
static inline uint64_t not_below(const float *x, float cut, bool nan_left)
{
    const __m128 c = _mm_set1_ps(cut);
    uint64_t bits = 0;
    FB_UNROLL
    for (int k = 0; k < 16; k++) {
        __m128 v = _mm_load_ps(x + 4 * k);
        __m128 some = nan_left ? _mm_cmpge_ps(v, c) : _mm_cmpnlt_ps(v, c);
        bits |= (uint64_t)(unsigned)_mm_movemask_ps(some) << (4 * k);
    }
    return bits;
}
#else
static inline uint64_t not_below(const float *x, float cut, bool nan_left)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++) {
        bits |= (uint64_t)(nan_left ? x[k] >= cut : !(x[k] < cut)) << k;
    }
    return bits;
}
#endif

static void decide(const fb_forest_sliced *sliced, const float *column, fb_forest_line *line)
{
    for (size_t k = 0; k < sliced->n_cuts; k++) {
        const fb_forest_cut *cut = &sliced->cut[k];
        const float *x = column + (size_t)cut->feature * FB_FOREST_ROWS;
        uint64_t *word = (uint64_t *)&line[1 + k];
        if (cut->nan_left) {
            for (int w = 0; w < WORDS; w++) {
                word[w] = not_below(x + 64 * w, cut->value, true);
            }
        } else {
            for (int w = 0; w < WORDS; w++) {
                word[w] = not_below(x + 64 * w, cut->value, false);
            }
        }
    }
}

/* --- leaves: 64 numbers of 8 bits from 8 words -------------------------------------------------------------------- */

#if defined(__AVX512BW__)
static inline void add_leaves(const uint64_t *const *plane, int w, const float *leaf, float *margin)
{
    __m512i number = _mm512_setzero_si512();
    FB_UNROLL
    for (int b = 0; b < FB_FOREST_PLANES; b++) {
        number = _mm512_mask_add_epi8(number, plane[b][w], number, _mm512_set1_epi8((char)(1u << b)));
    }
    uint8_t byte[64] __attribute__((aligned(64)));
    _mm512_store_si512(byte, number);
    FB_UNROLL
    for (int k = 0; k < 4; k++) {
        __m512i index = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(byte + 16 * k)));
        __m512 sum = _mm512_add_ps(_mm512_load_ps(margin + 16 * k), _mm512_i32gather_ps(index, leaf, 4));
        _mm512_store_ps(margin + 16 * k, sum);
    }
}
#elif defined(__AVX2__)
/* A byte for each of 32 bits: all ones where the bit is set. */
static inline __m256i spread(uint32_t bits)
{
    const __m256i which = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), which);
    return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit);
}

static inline void add_leaves(const uint64_t *const *plane, int w, const float *leaf, float *margin)
{
    uint8_t byte[64] __attribute__((aligned(32)));
    for (int half = 0; half < 2; half++) {
        __m256i number = _mm256_setzero_si256();
        FB_UNROLL
        for (int b = 0; b < FB_FOREST_PLANES; b++) {
            __m256i set = spread((uint32_t)(plane[b][w] >> (32 * half)));
            number = _mm256_or_si256(number, _mm256_and_si256(set, _mm256_set1_epi8((char)(1u << b))));
        }
        _mm256_store_si256((__m256i *)(byte + 32 * half), number);
    }
    for (int k = 0; k < 64; k++) {
        margin[k] += leaf[byte[k]];
    }
}
#else
/* Transposes 8 x 8 bits (H. S. Warren, Hacker's Delight, section 7-3). */
static inline uint64_t transpose(uint64_t x)
{
    x = (x & 0xaa55aa55aa55aa55) | (x & 0x00aa00aa00aa00aa) << 7 | (x >> 7 & 0x00aa00aa00aa00aa);
    x = (x & 0xcccc3333cccc3333) | (x & 0x0000cccc0000cccc) << 14 | (x >> 14 & 0x0000cccc0000cccc);
    return (x & 0xf0f0f0f00f0f0f0f) | (x & 0x00000000f0f0f0f0) << 28 | (x >> 28 & 0x00000000f0f0f0f0);
}

static inline void add_leaves(const uint64_t *const *plane, int w, const float *leaf, float *margin)
{
    FB_UNROLL
    for (int k = 0; k < 8; k++) {
        uint64_t bits = 0;
        FB_UNROLL
        for (int b = 0; b < FB_FOREST_PLANES; b++) {
            bits |= (plane[b][w] >> (8 * k) & 0xff) << (8 * b);
        }
        bits = transpose(bits);
        for (int i = 0; i < 8; i++) {
            margin[8 * k + i] += leaf[bits >> (8 * i) & 0xff];
        }
    }
}
#endif

void FB_KERNEL(fb_forest_kernel)(const fb_forest_sliced *sliced, const float *column, fb_forest_line *line,
                                 float *margin)
{
    memset(&line[0], 0, sizeof line[0]);
    decide(sliced, column, line);
    const fb_forest_select *select = sliced->select;
    for (size_t t = 0; t < sliced->n_trees; t++) {
        const uint64_t *plane[FB_FOREST_PLANES];
        for (const fb_forest_select *end = sliced->select + sliced->select_end[t]; select < end; select++) {
            fb_forest_line mask = line[select->mask];
            line[select->out] = (mask & line[select->right]) | (~mask & line[select->left]);
        }
        FB_UNROLL
        for (int b = 0; b < FB_FOREST_PLANES; b++) {
            plane[b] = (const uint64_t *)&line[sliced->plane[t][b]];
        }
        for (int w = 0; w < WORDS; w++) {
            add_leaves(plane, w, sliced->leaf[t], margin + 64 * w);
        }
    }
}
