/** An answer that CloudFront gives instead of what was asked for. The codes and statuses are those of its service model, 2020-05-31. */
export class CloudFrontError extends Error {
  override readonly name = "CloudFrontError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
