/** Ceph's S3 gateway on one node: a monitor, one object store in memory and radosgw, all in one folder, all on 127.0.0.1. */

import { mkdirSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answers, freePort, isOnPath, said, start } from "./launch.mjs";

const programs = ["ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool"];
const storeBytes = 1024 ** 3;
const upWithinMs = 60_000;

export function findCeph(keys) {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length > 0) return { reason: `needs ${missing.join(", ")} on the PATH` };
  const version = /\d+\.\d+\.\d+/u.exec(said("radosgw", ["--version"]) ?? "")?.[0] ?? "of unknown version";
  return { version: `Ceph RGW ${version}`, start: (at) => startCeph(at, keys) };
}

async function startCeph({ port, folder }, keys) {
  const fsid = randomUUID();
  const monAt = `127.0.0.1:${await freePort()}`;
  const [conf, keyring, monmap] = ["ceph.conf", "keyring", "monmap"].map((name) => join(folder, name));
  for (const name of ["mon", "osd", "run"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(conf, settings({ folder, keyring, fsid, monAt, port }));
  const setUp = (program, ...args) => {
    if (said(program, args, { cwd: folder, timeout: upWithinMs, env: { ...process.env, CEPH_CONF: conf } }) === undefined)
      throw new Error(`${program} ${args.slice(0, 4).join(" ")} failed`);
  };
  const daemons = [];
  const daemon = (program, ...args) => {
    const running = start(program, ["-f", "-c", conf, ...args], { folder, name: program });
    daemons.unshift(running);
    return running;
  };
  const stop = async () => {
    for (const running of daemons) await running.stop();
  };
  try {
    setUp("ceph-authtool", "-C", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
    for (const [name, caps] of Object.entries(users)) setUp("ceph-authtool", keyring, "--gen-key", "-n", name, ...caps);
    setUp("monmaptool", "--create", "--fsid", fsid, "--addv", "a", `[v2:${monAt}/0]`, monmap);
    setUp("ceph-mon", "-c", conf, "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring);
    daemon("ceph-mon", "-i", "a");
    const osd = randomUUID();
    setUp("ceph", "-c", conf, "osd", "new", osd);
    setUp("ceph-osd", "-c", conf, "-i", "0", "--mkfs", "--osd-uuid", osd, "--no-mon-config");
    daemon("ceph-osd", "-i", "0");
    await untilStoreIsUp(conf);
    const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = keys;
    const user = ["--uid=harbor", "--display-name=harbor", `--access-key=${access}`, `--secret-key=${secret}`];
    setUp("radosgw-admin", "-c", conf, "-n", "client.rgw.a", "user", "create", ...user);
    const gateway = daemon("radosgw", "-n", "client.rgw.a");
    await answers(`http://127.0.0.1:${port}/`, gateway);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilStoreIsUp(conf) {
  const untilMs = Date.now() + upWithinMs;
  while (Date.now() < untilMs) {
    const stat = said("ceph", ["-c", conf, "osd", "stat", "-f", "json"]) ?? "";
    if (stat.includes('"num_up_osds":1')) return;
    await pause(300);
  }
  throw new Error("its object store did not come up");
}

const users = {
  "client.admin": ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"],
  "client.rgw.a": ["--cap", "mon", "allow rwx", "--cap", "osd", "allow rwx", "--cap", "mgr", "allow rw"],
  "osd.0": ["--cap", "mon", "allow profile osd", "--cap", "osd", "allow *", "--cap", "mgr", "allow profile osd"],
};

/** One copy of everything, no manager, few placement groups: a cluster of one that forgets everything when it ends. */
const settings = ({ folder, keyring, fsid, monAt, port }) => `[global]
fsid = ${fsid}
mon host = v2:${monAt}/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth allow insecure global id reclaim = false
keyring = ${keyring}
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon max pg per osd = 1000
log file = ${folder}/$name.ceph.log
admin socket = ${folder}/run/$name.asok
run dir = ${folder}/run
ms bind ipv6 = false
[mon]
mon data = ${folder}/mon
mon data avail warn = 1
mon data avail crit = 0
[osd]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = ${storeBytes}
osd max object name len = 1024
osd max object namespace len = 256
[client.rgw.a]
keyring = ${keyring}
rgw data = ${folder}
rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw dns name = localhost
rgw enable usage log = false
rgw run sync thread = false
`;
