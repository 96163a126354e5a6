# Prints VERSION|CUDA|folder of the libraries|folder of CUDA's runtime of this Python's PyTorch, which
# is not started for it. GpuLibraries.java and environment/common.sh run it.
import glob, importlib.util, os, re, sys

spec = importlib.util.find_spec("torch")
if spec is None:
    sys.exit(1)
root = list(spec.submodule_search_locations)[0]
with open(os.path.join(root, "version.py"), encoding="utf-8") as file:
    text = file.read()

def value(name):
    found = re.search(rf"^{name}\b[^=\n]*= *'([^']*)'", text, re.M)
    return found.group(1) if found else ""

runtimes = [os.path.join(os.path.dirname(root), "nvidia", "cuda_runtime", "lib"),
            *glob.glob(os.path.join(glob.escape(os.path.dirname(root)), "nvidia", "cu1*", "lib")),
            os.path.join(root, "lib"), "/usr/local/cuda/lib64"]
names = ["libcudart.so*", "cudart64_*.dll"]
runtime = next((r for r in runtimes if any(glob.glob(os.path.join(glob.escape(r), n)) for n in names)), "")
line = "|".join([value("__version__"), value("cuda"), os.path.join(root, "lib"), runtime])
sys.stdout.buffer.write((line + "\n").encode("utf-8"))
