// hexbuiltins/hex_encode with string
import type { Entrypoints } from "./571.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "6c6f72656d20697073756d";
export {};
