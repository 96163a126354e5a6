// What torch.randn draws on an NVIDIA GPU, computed on a CPU by NVIDIA's own header curand_kernel.h, and spread over
// a tensor as ATen's distribution_elementwise_grid_stride_kernel does. Writes little-endian float32.
//
//   g++ -O2 -ffp-contract=off -I $NVIDIA/cuda_runtime/include -I $NVIDIA/curand/include cuda_random.cpp -o cuda_random
//   ./cuda_random SEED NUMBERS MULTIPROCESSORS THREADS_PER_MULTIPROCESSOR CALLS > numbers.f32
//
// where NVIDIA is the folder nvidia/ of the packages nvidia-cuda-runtime-cu12 and nvidia-curand-cu12.
#define QUALIFIERS static inline
#include <cuda_runtime.h>
#include <curand_kernel.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int count, char** arguments) {
  const uint64_t seed = strtoull(arguments[1], nullptr, 10);
  const uint64_t numel = strtoull(arguments[2], nullptr, 10);
  const uint64_t multiprocessors = strtoull(arguments[3], nullptr, 10);
  const uint64_t threads_per_multiprocessor = strtoull(arguments[4], nullptr, 10);
  const int calls = atoi(arguments[5]);
  const uint64_t block = 256;
  const uint64_t grid = std::min(multiprocessors * (threads_per_multiprocessor / block), (numel + block - 1) / block);
  const uint64_t unroll = 4;
  uint64_t offset = 0;
  for (int call = 0; call < calls; call++) {
    std::vector<float> out(numel);
    const uint64_t rounded = ((numel - 1) / (block * grid * unroll) + 1) * block * grid * unroll;
    for (uint64_t idx = 0; idx < block * grid; idx++) {
      curandStatePhilox4_32_10_t state;
      curand_init(seed, idx, offset, &state);
      for (uint64_t linear = idx; linear < rounded; linear += block * grid * unroll) {
        float4 rand = curand_normal4(&state);
        for (uint64_t ii = 0; ii < unroll; ii++) {
          const uint64_t li = linear + block * grid * ii;
          if (li < numel) {
            out[li] = (&rand.x)[ii];
          }
        }
      }
    }
    fwrite(out.data(), sizeof(float), numel, stdout);
    offset += ((numel - 1) / (block * grid * unroll) + 1) * 4;
  }
  return 0;
}
