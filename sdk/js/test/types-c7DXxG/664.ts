// jwtdecodeverify/rs256-nbf-toosoon
import type { Entrypoints } from "./664.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
