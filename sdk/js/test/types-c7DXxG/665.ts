// jwtdecodeverify/rs256-crit-junk
import type { Entrypoints } from "./665.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
