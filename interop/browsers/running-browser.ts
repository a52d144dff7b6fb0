/** A browser that was started, whatever drives it. */
export interface RunningBrowser {
  open(url: string): Promise<void>
  close(): Promise<void>
}
