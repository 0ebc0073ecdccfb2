// cryptox509parsecertificaterequest/PEM, string
import type { Entrypoints } from "./236.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "example.com";
export {};
