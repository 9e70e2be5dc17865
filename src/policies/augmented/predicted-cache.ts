/**
 * The cache that predictions of kind `cache state` speak of: it holds every requested page until a prediction says that
 * the page is given up. O(1) a request.
 *
 * Predictions may be nonsense. What they give up of pages that are not held, or of the page being requested, counts for
 * nothing; and where more than k pages would be held, the least recently requested one leaves.
 */
import { NO_PAGE } from '../../paging/policy.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import { IndexSet } from '../../support/index-set.ts';

export class PredictedCache {
  readonly pages: IndexSet;
  private readonly capacity: number;
  private readonly pageCount: number;
  /** The same pages, least recently requested first. */
  private readonly byRecency: IndexQueue;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number) {
    this.capacity = capacity;
    this.pageCount = pageCount;
    this.pages = new IndexSet(pageCount);
    this.byRecency = new IndexQueue(pageCount);
  }

  /**
   * One request.
   *
   * @param givenUp the prediction: the page given up at this request, or `NO_PAGE`
   * @returns the page that left, or `NO_PAGE`
   */
  serve(page: number, givenUp: number): number {
    this.byRecency.delete(page);
    this.pages.delete(page);
    let left = NO_PAGE;
    if (givenUp >= 0 && givenUp < this.pageCount && this.pages.has(givenUp)) left = givenUp;
    else if (this.pages.count === this.capacity) left = this.byRecency.first();
    if (left !== NO_PAGE) {
      this.byRecency.delete(left);
      this.pages.delete(left);
    }
    this.byRecency.append(page);
    this.pages.add(page);
    return left;
  }
}
