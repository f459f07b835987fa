/** What `app` answers when something could not be done: `code` is a closed list, `message` and `hint` are for people. */
export class CallFailure extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly causes: readonly string[];

  constructor(code: string, message: string, hint: string | null, causes: readonly string[]) {
    super(message);
    this.name = 'CallFailure';
    this.code = code;
    this.hint = hint;
    this.causes = causes;
  }

  /** Reads whatever a host threw or answered; a shape we do not know becomes the code `host`, its text kept. */
  static from(thrown: unknown): CallFailure {
    if (thrown instanceof CallFailure) return thrown;
    if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
      const { code, message, hint, causes } = thrown as Record<string, unknown>;
      return new CallFailure(
        String(code),
        String(message),
        typeof hint === 'string' && hint !== '' ? hint : null,
        Array.isArray(causes) ? causes.map(String) : [],
      );
    }
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new CallFailure('host', text, null, []);
  }
}
