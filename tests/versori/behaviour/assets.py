"""Assets of a project: a signed address to put each at, and their list."""

from tests.versori.behaviour.call import Call, handles
from tests.versori.state import Asset, Body


@handles("SignAssetUrl")
def sign_asset_url(call: Call) -> Body:
    asset = Asset(
        project=call.project.id,
        name=call.body["filename"],
        folder=call.body.get("folder", "research/documents"),
        content_type=call.body["contentType"],
        size=call.body["contentLength"],
    )
    call.organisation.assets[asset.id] = asset
    return {"uploadURL": f"{call.url}/upload/{asset.id}", "url": _path(call, asset)}


def _path(call: Call, asset: Asset) -> str:
    return f"{call.organisation.id}/{asset.project}/{asset.folder}/{asset.name}"


@handles("ListAssets")
def list_assets(call: Call) -> Body:
    """A file put again at the same path replaces the one before."""
    uploaded = {
        _path(call, one): one
        for one in call.organisation.assets.values()
        if one.project == call.project.id and one.content is not None
    }
    assets = [
        {
            "name": one.name,
            "size": one.size,
            "lastModified": one.created_at,
            "contentType": one.content_type,
            "path": path,
            "downloadUrl": f"{call.url}/upload/{one.id}",
        }
        for path, one in uploaded.items()
    ]
    return {"assets": assets, "totalCount": len(assets), "hasMore": False}
