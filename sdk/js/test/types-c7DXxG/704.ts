// jwtencodesignraw/text/plain media type
import type { Entrypoints } from "./704.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "eyJ0eXAiOiJ0ZXh0L3BsYWluIiwNCiAiYWxnIjoiSFMyNTYifQ.ZQ.oO8Vnc4Jv7-J231a1bEcQrgXfKbNW-kEvVY7BP1v5rM";
export {};
