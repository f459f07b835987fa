/** What a member's name looks like; the rules refuse any other. */
export const MEMBER_NAME = /^[a-z0-9._-]{1,64}$/;
