/* SGLang's kernels are linked against NVIDIA's driver library, which only machines with such a GPU have. On a CPU none of it is
   called; here are the names, for them to load. 100: no device. */
#define NONE(name) int name(void) { return 100; }
NONE(cuCtxFromGreenCtx)
NONE(cuCtxPopCurrent_v2)
NONE(cuCtxPushCurrent_v2)
NONE(cuDevResourceGenerateDesc)
NONE(cuDevSmResourceSplitByCount)
NONE(cuDeviceGetDevResource)
NONE(cuDriverGetVersion)
NONE(cuGetErrorString)
NONE(cuGetProcAddress_v2)
NONE(cuGreenCtxCreate)
NONE(cuGreenCtxDestroy)
NONE(cuGreenCtxGetDevResource)
NONE(cuPointerGetAttribute)
NONE(cuStreamCreate)
