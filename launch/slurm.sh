#!/usr/bin/env bash
# One run on the GPUs of one or several SLURM nodes, a process for each GPU. From the clone, after
# `source launch/venv.sh`, with options of sbatch before the script and of aae_jax.main after it:
#
#   sbatch --nodes=2 --gpus-per-node=4 --ntasks-per-node=4 --time=12:00:00 launch/slurm.sh \
#     --config=configs/amm_svhn.py --workdir=/disk/amm_svhn
#
# Two minutes before its time is over, or when it is preempted, the run saves, and the job is queued
# again to go on. A sweep over many such runs is launch/sweep.py --slurm.
#SBATCH --job-name=aae_jax
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:?start me with sbatch}"
if [ -e .venv/bin/activate ]; then source .venv/bin/activate; fi
# A single process takes all GPUs of its node by itself.
if [ "${SLURM_NTASKS:-1}" -gt 1 ]; then set -- --distributed=auto "$@"; fi
status=0
srun python -m aae_jax.main "$@" || status=$?
# 143 is what a run that was told to stop, and has saved, ends with.
if [ "$status" -eq 143 ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$status"
