#include "models/common/coverage.h"

#include <math.h>

double fb_coverage_error(double n)
{
    return sqrt(FB_COVERAGE_LEVEL * (1.0 - FB_COVERAGE_LEVEL) / n);
}
