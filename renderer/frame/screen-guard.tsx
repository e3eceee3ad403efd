import { Component, type ReactNode } from 'react';

/** One screen may break without taking the frame along: its neighbours, the waiting plans and the feed stay. */
export class ScreenGuard extends Component<{ children: ReactNode }, { broken: string | undefined }> {
  override state: { broken: string | undefined } = { broken: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { broken } = this.state;
    if (broken === undefined) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h2>This screen could not be drawn</h2>
        <p>The rest of the page goes on, and so do the agents. Try it again, or reload the page.</p>
        <details className="my-3 text-ink-3">
          <summary>What it said</summary>
          <pre className="whitespace-pre-wrap wrap-anywhere">{broken}</pre>
        </details>
        <button type="button" onClick={() => this.setState({ broken: undefined })}>
          Try again
        </button>
      </div>
    );
  }
}
