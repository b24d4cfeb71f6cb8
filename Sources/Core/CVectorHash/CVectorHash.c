// Places flows in buckets, many at once. The loops are written once and compiled for each vector width; the compiler
// turns them into vector code, which is faster here than vectors written in Swift (whose rotations become scalar).

#include "CVectorHash.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define TARGET
#define PLACE place_base
#include "VectorHash.inc.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2")))
#define PLACE place_avx2
#include "VectorHash.inc.h"

#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512)))
#define PLACE place_avx512
#include "VectorHash.inc.h"

bool clusterip_width_available(enum clusterip_width width)
{
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2");
    switch (width) {
    case CLUSTERIP_WIDTH_BASE:
        return true;
    case CLUSTERIP_WIDTH_AVX2:
        return avx2;
    case CLUSTERIP_WIDTH_AVX512:
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    }
    return false;
}

void clusterip_place(const struct clusterip_batch *batch, enum clusterip_width width)
{
    switch (width) {
    case CLUSTERIP_WIDTH_BASE:
        place_base(batch);
        break;
    case CLUSTERIP_WIDTH_AVX2:
        place_avx2(batch);
        break;
    case CLUSTERIP_WIDTH_AVX512:
        place_avx512(batch);
        break;
    }
}

#else

bool clusterip_width_available(enum clusterip_width width)
{
    return width == CLUSTERIP_WIDTH_BASE;
}

void clusterip_place(const struct clusterip_batch *batch, enum clusterip_width width)
{
    (void)width;
    place_base(batch);
}

#endif
